from fractions import Fraction

WEIGHTS = [(v, Fraction(1, 13)) for v in range(1, 10)] + [(10, Fraction(4, 13))]


class Shoe:
    name = "endless"

    def weights(self):
        return WEIGHTS


def outcome(total, soft, target):
    best = total + 10 if soft and total + 10 <= 21 else total
    if best >= 17:
        return Fraction(int(best == target))
    chance = Fraction(0)
    for value, p in WEIGHTS:
        chance += p * outcome(total + value, soft or value == 1, target)
    return chance


def row(up, targets):
    soft = up == 1
    return [outcome(up, soft, t) for t in targets]


def main():
    shoe = Shoe()
    print(shoe.name, len(shoe.weights()))
    targets = range(17, 22)
    for up in (2, 3, 4, 7):
        chances = row(up, targets)
        print(up, " ".join(f"{float(c):.5f}" for c in chances),
              f"bust {float(1 - sum(chances)):.5f}")


if __name__ == "__main__":
    main()
