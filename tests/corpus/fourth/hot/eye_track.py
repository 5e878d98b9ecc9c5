import numpy as np


class Tracker:
    def __init__(self):
        self.track = np.empty((0, 4))

    def add(self, t, x, y, pupil):
        row = np.array([t, x, y, pupil])
        self.track = np.vstack([self.track, row])

    def fixations(self, radius):
        step = np.hypot(*np.diff(self.track[:, 1:3], axis=0).T)
        return int((step < radius).sum())


def gaze(n):
    x, y, s = 400.0, 300.0, 1
    for k in range(n):
        s = s * 48271 % 2147483647
        jump = 80 if s % 23 == 0 else 3
        x += (s % 201 - 100) / 100 * jump
        y += (s // 211 % 201 - 100) / 100 * jump
        yield k * 4, x, y, 3 + s % 50 / 100


tracker = Tracker()
for sample in gaze(21_000):
    tracker.add(*sample)
print(tracker.track.shape, tracker.fixations(3.0), round(float(tracker.track[:, 3].mean()), 5))
