"""Reputation class of every address in a log, with a pool of workers."""
import ipaddress
from collections import Counter
from multiprocessing import Pool

BAD = [ipaddress.ip_network(n) for n in ("10.9.0.0/16", "172.16.0.0/12", "192.0.2.0/24")]


def classify(number):
    address = ipaddress.ip_address(number)
    for net in BAD:
        if address in net:
            return str(net)
    return "private" if address.is_private else "ok"


def log(n):
    x = 12345
    for _ in range(n):
        x = (x * 1664525 + 1013904223) % 2 ** 32
        yield x if x % 5 else 167772160 + x % 2 ** 24


def main():
    with Pool(2) as pool:
        shares = Counter(pool.imap(classify, log(28_000)))
    for name, n in shares.most_common():
        print(f"{name:18s}{n}")


if __name__ == "__main__":
    main()
