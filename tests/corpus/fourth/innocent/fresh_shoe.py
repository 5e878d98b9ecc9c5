import random


def shoe(decks, jokers, dice):
    cards = []
    for d in range(decks):
        for suit in "SHDC":
            for rank in range(1, 14):
                cards.append(f"{suit}{rank}")
    cards += ["JK"] * jokers
    dice.shuffle(cards)
    return cards


def deal(table, players, dice):
    cards = shoe(4, 2, dice)
    hands = {p: [] for p in range(players)}
    for p in hands:
        for _ in range(2):
            hands[p].append(cards.pop())
    return sum(h[0][1:] == h[1][1:] for h in hands.values()), len(cards)


dice = random.Random(52)
pairs = left = 0
for table in range(9_000):
    n, rest = deal(table, 3, dice)
    pairs += n
    left += rest
print("pairs", pairs, "left", left)
