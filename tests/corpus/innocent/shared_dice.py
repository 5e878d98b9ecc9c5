import random

random.seed(2024)


def play(target):
    score = 0
    rolls = 0
    while score < target:
        face = random.randint(1, 6)
        score = score // 2 if face == 1 else score + face
        rolls += 1
    return rolls


def tournament(targets):
    return [play(target) for target in targets]


rolls = tournament([30 + 5 * (n % 5) for n in range(55_000)])
print(len(rolls), sum(rolls), max(rolls))
