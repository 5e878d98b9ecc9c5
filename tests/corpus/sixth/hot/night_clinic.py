import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Patient:
    no: int
    minutes: int


class Desk:
    def __init__(self, backlog):
        self.line = list(backlog)
        self.served = 0
        self.busy = 0

    def arrive(self, p):
        self.line[:0] = [p]

    def call(self):
        p = self.line.pop()
        self.served += 1
        self.busy += p.minutes
        return p


def main():
    gen = random.Random(12)
    desk = Desk(Patient(-k, 5 + k % 9) for k in range(120_000))
    check = 0
    for no in range(22_000):
        desk.arrive(Patient(no, gen.randint(4, 30)))
        if no % 11:
            check = (check * 3 + desk.call().no) % 65_521
    print(desk.served, desk.busy, len(desk.line), check)


if __name__ == "__main__":
    main()
