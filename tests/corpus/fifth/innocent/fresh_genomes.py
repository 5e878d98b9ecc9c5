import random


def linguistic_complexity(seq):
    """Share of distinct words among the possible ones."""
    found = possible = 0
    for k in range(1, 9):
        words = {seq[i:i + k] for i in range(len(seq) - k + 1)}
        found += len(words)
        possible += min(4 ** k, len(seq) - k + 1)
    return found / possible


def sampler(n, seed):
    rng = random.Random(seed)
    for _ in range(n):
        unit = "".join(rng.choices("ACGT", k=rng.randrange(4, 400)))
        yield (unit * 100)[:400]


scores = []
for seq in sampler(3000, 55):
    scores.append(linguistic_complexity(seq))
scores.sort()
print(len(scores), f"{scores[0]:.5f} {scores[len(scores) // 2]:.5f} {scores[-1]:.5f}")
