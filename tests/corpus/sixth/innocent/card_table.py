import random
from itertools import combinations


def deck():
    return [(v, s) for v in range(1, 14) for s in "cdhs"]


def cribbage(hand):
    pips = [min(v, 10) for v, _ in hand]
    score = 0
    for k in range(2, 6):
        score += 2 * sum(sum(c) == 15 for c in combinations(pips, k))
    score += 2 * sum(a[0] == b[0] for a, b in combinations(hand, 2))
    return score


def sitting(dealer, cards):
    dealer.shuffle(cards)
    turned = cards[-1]
    best = max(cribbage(cards[k:k + 4] + [turned]) for k in range(0, 16, 4))
    if best < 5:
        dealer.shuffle(cards)
    return best


def main():
    dealer = random.Random(2024)
    cards = deck()
    best = [sitting(dealer, cards) for _ in range(16_000)]
    print(max(best), sum(best), best[:8])


if __name__ == "__main__":
    main()
