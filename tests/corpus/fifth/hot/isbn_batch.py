import random
from concurrent.futures import ProcessPoolExecutor


def valid(code):
    total = sum((1 if i % 2 == 0 else 3) * int(c) for i, c in enumerate(code))
    return total % 10 == 0


class Catalogue:
    def __init__(self, size, seed):
        rng = random.Random(seed)
        self.codes = [f"978{rng.randrange(10 ** 10):010d}" for _ in range(size)]

    def audit(self, workers=2):
        with ProcessPoolExecutor(max_workers=workers) as ex:
            verdicts = ex.map(valid, self.codes)
            return [c for c, ok in zip(self.codes, verdicts) if ok]


def main():
    catalogue = Catalogue(9000, 13)
    good = catalogue.audit()
    print(len(catalogue.codes), len(good), good[0], good[-1])


main()
