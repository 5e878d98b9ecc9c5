# Match measured mass peaks against a contaminant table (tolerance in ppm).
import random


class Peak:
    __slots__ = ("mz", "label")
    ppm = 5.0

    def __init__(self, mz, label=""):
        self.mz = mz
        self.label = label

    def __eq__(self, other):
        return abs(self.mz - other.mz) <= self.mz * Peak.ppm * 1e-6

    def __repr__(self):
        return f"Peak({self.mz:.4f})"


def table(rng, n):
    return [Peak(rng.uniform(100, 1500), f"c{i}") for i in range(n)]


def spectrum(rng, contaminants, n):
    for _ in range(n):
        if rng.random() < 0.3:
            base = rng.choice(contaminants).mz
            yield Peak(base * (1 + rng.uniform(-4e-6, 4e-6)))
        else:
            yield Peak(rng.uniform(100, 1500))


if __name__ == "__main__":
    rng = random.Random(8)
    contaminants = table(rng, 150)
    genuine = []
    for peak in spectrum(rng, contaminants, 62000):
        if peak not in contaminants:
            genuine.append(peak.mz)
    print(len(genuine), "genuine peaks, heaviest", round(max(genuine), 4))
