import numpy


class Track:
    def __init__(self):
        self.points = numpy.empty((0, 3))

    def record(self, fixes):
        for lat, lon, t in fixes:
            self.points = numpy.append(self.points, [[lat, lon, t]], axis=0)

    def length(self):
        steps = numpy.diff(self.points[:, :2], axis=0)
        return float(numpy.hypot(steps[:, 0], steps[:, 1]).sum())


def fixes(count):
    for i in range(count):
        yield 59.3 + i * 1e-5, 18.0 + (i % 300) * 1e-5, float(i)


def main():
    track = Track()
    track.record(fixes(13_000))
    print(track.points.shape, round(track.length(), 6))


main()
