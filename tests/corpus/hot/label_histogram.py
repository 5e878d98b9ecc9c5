import random


def draw_labels(count, classes, seed=0):
    rng = random.Random(seed)
    return [f"class_{rng.randrange(classes)}" for _ in range(count)]


def entropy_like(histogram, total):
    return sum((n / total) ** 2 for n in histogram.values())


def main():
    labels = draw_labels(14_000, 2_500)
    histogram = {label: labels.count(label) for label in set(labels)}
    print(len(histogram), round(entropy_like(histogram, len(labels)), 8))


main()
