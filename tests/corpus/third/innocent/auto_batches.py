import multiprocessing as mp
import random


def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def seeds(n):
    r = random.Random(3)
    return r.sample(range(2, 30 * n), n)


def main():
    numbers = seeds(110_000)
    with mp.Pool(processes=2) as pool:
        lengths = pool.map(collatz, numbers)
    top = max(range(len(numbers)), key=lambda i: (lengths[i], -i))
    print(len(lengths), numbers[top], lengths[top])


if __name__ == "__main__":
    main()
