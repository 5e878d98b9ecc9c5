import numpy

EARTH = 6371.0088


def haversine(lat1, lon1, lat2, lon2):
    h = (
        numpy.sin((lat2 - lat1) / 2.0) ** 2
        + numpy.cos(lat1) * numpy.cos(lat2) * numpy.sin((lon2 - lon1) / 2.0) ** 2
    )
    return 2.0 * EARTH * numpy.arcsin(numpy.sqrt(h))


def positions(count, phase):
    return numpy.linspace(-1.3 + phase, 1.2, count), numpy.linspace(3.1, -3.0 + phase, count)


if __name__ == "__main__":
    lat1, lon1 = positions(3_000_000, 0.0)
    lat2, lon2 = positions(3_000_000, 0.4)
    km = haversine(lat1, lon1, lat2, lon2)
    print(round(float(km.mean()), 6), round(float(km.max()), 6))
