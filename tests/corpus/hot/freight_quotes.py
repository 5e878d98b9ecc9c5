import math

TOWNS = {"Oslo": (59.9, 10.7), "Bergen": (60.4, 5.3), "Tromso": (69.6, 18.9), "Bodo": (67.3, 14.4), "Molde": (62.7, 7.2), "Narvik": (68.4, 17.4)}


def road_cost(origin, destination):
    (lat1, lon1), (lat2, lon2) = TOWNS[origin], TOWNS[destination]
    cost = 0.0
    for k in range(400):
        t = k / 400
        lat = lat1 + t * (lat2 - lat1)
        lon = lon1 + t * (lon2 - lon1)
        cost += abs(math.sin(3 * lat) * math.cos(2 * lon)) + 0.01
    return cost


class FreightDesk:
    def __init__(self, markup):
        self.markup = markup

    def invoice(self, orders):
        total = 0.0
        for origin, destination, kilos in orders:
            total += kilos * self.markup * road_cost(origin, destination)
        return total


def orders(count):
    names = list(TOWNS)
    for i in range(count):
        yield names[i % 6], names[(i // 6 + i * i) % 6], 1 + i % 25


desk = FreightDesk(markup=1.15)
print(round(desk.invoice(orders(9_000)), 4))
