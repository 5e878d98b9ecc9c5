P = (1 << 1279) - 1
G = 5


def respond(seed, voters):
    x = seed
    acc = 1
    ones = 0
    for v in range(voters):
        x = (x * x + v) % P
        acc = acc * (x ^ v) % P
        if acc & 1:
            ones += 1
        if v % 5000 == 0:
            x = pow(G, x, P)
    return acc, ones


def digits(n, k=12):
    return f"{n % 16 ** k:0{k}x}"


def main():
    seed = 3 ** 700 % P
    acc, ones = respond(seed, 100_000)
    print(digits(acc), ones, acc.bit_length() > 1200)


main()
