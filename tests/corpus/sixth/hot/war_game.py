import random
from statistics import median


def tournament(seed):
    gen = random.Random(seed)
    lengths = []
    for _ in range(50):
        deck = [f"{v:02d}{s}" for v in range(2, 15) for s in "cdhs"]
        gen.shuffle(deck)
        ours, theirs = deck[:26], deck[26:]
        rounds = 0
        while ours and theirs and rounds < 500:
            k = min(len(ours), len(theirs), 13)
            a, b = ours[:k], theirs[:k]
            won = [c + d for c, d in zip(a, b) if c[:2] > d[:2]]
            lost = [d + c for c, d in zip(a, b) if c[:2] <= d[:2]]
            ours = ours[k:] + [w[i:i + 3] for w in won for i in (0, 3)]
            theirs = theirs[k:] + [w[i:i + 3] for w in lost for i in (0, 3)]
            gen.shuffle(ours)
            rounds += 1
        lengths.append(rounds)
    return min(lengths), sum(lengths)


def main():
    seeds = [7 * k + 1 for k in range(16)]
    played = map(tournament, seeds)
    rows = list(zip(seeds, played))
    print("shortest", min(low for _, (low, _) in rows))
    print("median", median(total for _, (_, total) in rows))


if __name__ == "__main__":
    main()
