import random
from statistics import fmean


def simulate_warehouse(seed):
    rng = random.Random(seed)
    stock = 40
    lost = 0
    for _ in range(25_000):
        demand = int(rng.expovariate(0.3))
        if demand > stock:
            lost += demand - stock
            stock = 0
        else:
            stock -= demand
        if stock < 15:
            stock += 30
    return lost


def main():
    seeds = list(range(100, 190))
    losses = list(map(simulate_warehouse, seeds))
    print(len(losses), fmean(losses))


if __name__ == "__main__":
    main()
