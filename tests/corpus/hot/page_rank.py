import numpy


class Web:
    def __init__(self, pages, links):
        self.pages = pages
        self.matrix = numpy.zeros((pages, pages))
        source = numpy.arange(pages)
        for k in range(links):
            self.matrix[(source * (2 * k + 3) + 17 * k + 1) % pages, source] += 1.0 / links

    def rank(self, damping=0.97, tolerance=1e-13):
        rank = numpy.full(self.pages, 1.0 / self.pages)
        steps = 0
        change = 1.0
        while change > tolerance and steps < 160:
            new = damping * (self.matrix @ rank) + (1 - damping) / self.pages
            change = abs(new - rank).sum()
            rank = new
            steps += 1
        return rank, steps


if __name__ == "__main__":
    rank, steps = Web(2_800, 10).rank()
    print(int(rank.argmax()), round(float(rank.max()), 9))
