import random
import string
from dataclasses import dataclass


@dataclass(frozen=True)
class Transfer:
    iban: str
    cents: int


def check_digits(bban, country):
    rearranged = bban + country + "00"
    number = "".join(str(int(ch, 36)) for ch in rearranged)
    left = 0
    for i in range(0, len(number), 7):
        left = int(str(left) + number[i:i + 7]) % 97
    return f"{98 - left:02d}"


def transfers(n):
    rng = random.Random(18)
    for k in range(n):
        bban = "BANK" + f"{k * 7919 + rng.randrange(7919):014d}"
        digits = f"{k % 97:02d}"
        yield Transfer("GB" + digits + bban, k % 5000)


def main():
    fine, total = 0, 0
    letters = set()
    for t in transfers(60_000):
        if check_digits(t.iban[4:], t.iban[:2]) == t.iban[2:4]:
            fine += 1
            total += t.cents
        letters.update(c for c in t.iban[:6] if c in string.ascii_uppercase)
    print("valid", fine, "cents", total, "".join(sorted(letters)))


main()
