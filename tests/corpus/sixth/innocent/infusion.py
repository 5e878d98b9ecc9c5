from decimal import Decimal
import random


def patients(n, seed):
    gen = random.Random(seed)
    for _ in range(n):
        yield Decimal(gen.randrange(40_000, 120_000)) / 1000, Decimal(gen.randrange(10_000, 99_999)) / 100_000


def loading_dose(weight, clearance):
    goal = Decimal("8.5")
    dose = weight / 2
    for _ in range(14):
        level = dose / (weight * Decimal("0.7"))
        for _hour in range(4):
            level -= level * clearance / 6
        dose += (goal - level) * weight / 8
    return round(dose, 2)


def main():
    doses = []
    for weight, clearance in patients(13_000, 33):
        doses.append(loading_dose(weight, clearance))
    doses.sort()
    print(doses[0], doses[len(doses) // 2], doses[-1])


if __name__ == "__main__":
    main()
