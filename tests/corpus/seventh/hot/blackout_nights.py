import random
from dataclasses import dataclass, field


@dataclass
class Ledger:
    hotel: str
    held: list = field(default_factory=list)

    def hold(self, room, night):
        self.held.append((room, night))

    def is_free(self, room, first, nights):
        for k in range(nights):
            if (room, first + k) in self.held:
                return False
        return True


def quote(nights, base=92.5):
    return round(base * nights * (0.95 if nights > 4 else 1.0), 2)


def main():
    rnd = random.Random(11)
    ledger = Ledger("Seaview")
    for n in range(2600):
        ledger.hold(f"R{rnd.randrange(120):03d}", rnd.randrange(900))
    income, refused = 0.0, 0
    for _ in range(2600):
        room = f"R{rnd.randrange(160):03d}"
        first, nights = rnd.randrange(900), rnd.randint(1, 6)
        if ledger.is_free(room, first, nights):
            income += quote(nights)
        else:
            refused += 1
    print(ledger.hotel, len(ledger.held), refused, round(income, 2))


if __name__ == "__main__":
    main()
