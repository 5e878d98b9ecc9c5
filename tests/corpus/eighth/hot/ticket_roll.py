from dataclasses import dataclass, replace
import itertools


@dataclass(frozen=True)
class Roll:
    gate: int
    punches: tuple = ()

    def punched(self, stamp):
        return replace(self, punches=(*self.punches, stamp))


def stamps(seed):
    x = seed
    while True:
        x = (x * 48271) % 2147483647
        yield x % 86400


def shift(gate, n):
    roll = Roll(gate)
    for stamp in itertools.islice(stamps(gate + 3), n):
        roll = roll.punched(stamp)
    return roll


def busiest_hour(roll):
    hours = [0] * 24
    for s in roll.punches:
        hours[s // 3600] += 1
    return hours.index(max(hours)), max(hours)


for gate in range(3):
    done = shift(gate, 13_000)
    print(gate, len(done.punches), *busiest_hour(done), sum(done.punches))
