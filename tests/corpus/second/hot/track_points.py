import numpy as np


class Recorder:
    def __init__(self):
        self.points = np.zeros((0, 3))
        self.segments = 0

    def add_segment(self, segment):
        self.points = np.vstack((self.points, segment))
        self.segments += 1

    def length_km(self):
        hop = np.diff(self.points[:, :2], axis=0)
        return float(np.hypot(hop[:, 0] * 111.2, hop[:, 1] * 71.5).sum())


def hike(segments, rng):
    here = np.array([47.1, 11.3, 900.0])
    for _ in range(segments):
        steps = rng.normal(0, (1e-4, 1e-4, 2.0), (25, 3))
        walk = here + steps.cumsum(axis=0)
        here = walk[-1]
        yield walk


rec = Recorder()
for part in hike(3200, np.random.default_rng(14)):
    rec.add_segment(part)
print(rec.segments, "segments", rec.points.shape[0], "points")
print("km", round(rec.length_km(), 3), "highest", round(float(rec.points[:, 2].max()), 1))
