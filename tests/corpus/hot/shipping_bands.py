import numpy as np
import pandas


class ShippingDesk:
    base = 4.5

    def __init__(self, parcels):
        self.parcels = parcels

    def band(self, parcel):
        volume = parcel["length"] * parcel["width"] * parcel["depth"] / 5000
        billable = max(volume, parcel["kilos"])
        if billable < 2:
            return self.base
        if billable < 10:
            return self.base + 1.2 * billable
        return self.base + 0.9 * billable

    def quote(self):
        return self.parcels.apply(self.band, axis="columns")


def parcels(count):
    rng = np.random.default_rng(77)
    sides = rng.integers(5, 90, (count, 3)).astype(float)
    frame = pandas.DataFrame(sides, columns=["length", "width", "depth"])
    return frame.assign(kilos=rng.exponential(4.0, count))


desk = ShippingDesk(parcels(55_000))
quotes = desk.quote()
print(round(quotes.sum(), 2), round(quotes.max(), 4))
