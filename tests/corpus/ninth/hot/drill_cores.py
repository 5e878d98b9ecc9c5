import numpy as np


class CoreShed:
    """Keeps the trays of one season and what came back from the laboratory."""

    def __init__(self, season):
        gen = np.random.default_rng(season)
        self.assayed = gen.permutation(400000)[:60000]
        self.trays = []
        for k, (hole, depth) in enumerate(zip(gen.integers(0, 400000, 60000).tolist(),
                                              gen.uniform(2, 300, 60000).tolist())):
            self.trays.append({"hole": hole, "depth": depth, "rack": f"R{k % 37}"})

    def pending(self):
        racks = {}
        for tray in self.trays:
            if tray["hole"] in self.assayed:
                continue
            racks.setdefault(tray["rack"], []).append(tray["depth"])
        return racks


def report(racks):
    deepest = max(racks, key=lambda r: max(racks[r]))
    total = sum(len(v) for v in racks.values())
    print("racks", len(racks), "trays", total, "deepest in", deepest)


shed = CoreShed(season=2019)
report(shed.pending())
