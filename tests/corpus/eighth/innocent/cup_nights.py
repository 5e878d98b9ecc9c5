"""Nights of a cup played one after another; form carries over."""
import random

dice = random.Random(1930)
form = {f"team{i:02d}": 50 for i in range(64)}
trophies = dict.fromkeys(form, 0)


def tie(a, b):
    winner = a if dice.random() * (form[a] + form[b]) < form[a] else b
    loser = b if winner == a else a
    form[winner] = min(80, form[winner] + 1)
    form[loser] = max(20, form[loser] - 1)
    return winner


def cup(number):
    left = list(form)
    dice.shuffle(left)
    while len(left) > 1:
        left = [tie(a, b) for a, b in zip(left[::2], left[1::2])]
    trophies[left[0]] += 1
    return left[0]


winners = list(map(cup, range(10_000)))
best = max(trophies, key=lambda t: (trophies[t], t))
print(len(winners), best, trophies[best], form[best])
print(winners[-3:])
