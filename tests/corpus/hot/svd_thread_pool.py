from concurrent.futures import ThreadPoolExecutor

import numpy


def panel(number, size=300):
    i = numpy.arange(size, dtype=float)
    return numpy.cos(i[:, None] * (number + 1) / 50.0) * numpy.sin(i[None, :] / 30.0 + number) + numpy.eye(size)


def smallest_pivot(number):
    matrix = panel(number)
    product = matrix @ matrix.T
    for _ in range(4):
        product = product @ matrix / 400.0
    upper = numpy.linalg.qr(product + numpy.eye(len(matrix)), mode="r")
    return float(numpy.abs(numpy.diag(upper)).min())


def study(count):
    with ThreadPoolExecutor(max_workers=8) as pool:
        return list(pool.map(smallest_pivot, range(count)))


pivots = study(6)
print(len(pivots), round(sum(pivots), 6))
