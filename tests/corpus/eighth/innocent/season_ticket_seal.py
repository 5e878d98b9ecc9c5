"""Time-lock seal of a season ticket: so many squarings, no shortcut."""
import argparse

FIELD = (1 << 521) - 1


def lock(secret, turns):
    x = secret
    for turn in range(turns):
        x = (x * x + turn) % FIELD
        if x & 1:
            x = (x >> 1) ^ secret
    return x


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--turns", type=int, default=700_000)
    args = parser.parse_args()
    holder = int.from_bytes(b"Zug 1042, Wagen 7, Platz 31, gueltig bis 31.12. " * 1, "big")
    sealed = lock(holder, args.turns)
    print(sealed.bit_length() > 400, hex(sealed)[-24:])


main()
