import random


def auctions(n, seed=12):
    rnd = random.Random(seed)
    names = ["acme", "borealis", "cirrus", "dune", "ember"]
    block = list(zip(rnd.choices(names, k=6000), rnd.choices((True, False), (3, 2), k=6000)))
    for _ in range(n // 6000):
        yield from block


def streaks(events):
    run = {}
    best = {}
    for bidder, won in events:
        if won:
            run[bidder] = run.get(bidder, 0) + 1
            if run[bidder] > best.get(bidder, 0):
                best[bidder] = run[bidder]
        else:
            run[bidder] = 0
    return run, best


def main():
    run, best = streaks(auctions(3_600_000))
    for bidder in sorted(best, key=best.get, reverse=True):
        print(f"{bidder:10s}{best[bidder]:4d}{run[bidder]:4d}")


if __name__ == "__main__":
    main()
