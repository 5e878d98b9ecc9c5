"""Nightly posting run: account balances from journal lines."""
import random
from typing import NamedTuple


class Posting(NamedTuple):
    account: str
    amount: float
    side: str


def journal(n):
    rnd = random.Random(2024)
    accts = [f"{a}{b:03d}" for a in "4567" for b in range(60)]
    return [Posting(rnd.choice(accts), rnd.randint(1, 900_000) / 100, rnd.choice("DC")) for _ in range(n)]


def post(lines, balance):
    for p in lines:
        delta = p.amount if p.side == "D" else -p.amount
        balance[p.account] = balance.get(p.account, 0.0) + delta


def main():
    lines = journal(150_000)
    balance = {}
    for _ in range(34):
        post(lines, balance)
    total = sum(balance.values())
    low = min(balance, key=balance.get)
    print(f"{len(balance)} accounts, total {total:.2f}, lowest {low} {balance[low]:.2f}")


main()
