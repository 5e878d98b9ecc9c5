from dataclasses import dataclass
import random


@dataclass(frozen=True)
class Stadium:
    name: str
    gates: int


def events(stadium, n):
    rnd = random.Random(len(stadium.name))
    names = [f"{stadium.name[0]}{g:02d}" for g in range(stadium.gates)]
    return [names[int(rnd.random() ** 2 * stadium.gates)] for _ in range(n)]


def gate_load(log):
    load = {}
    for gate in log:
        if gate not in load:
            load[gate] = 1
        else:
            load[gate] += 1
    return load


def main():
    for arena in (Stadium("Westkurve", 40), Stadium("Olympia", 64)):
        log = events(arena, 220_000)
        peaks = []
        for day in range(28):
            load = gate_load(log[day * 2000:])
            busiest = max(load, key=lambda g: (load[g], g))
            peaks.append((load[busiest], busiest))
        print(arena.name, max(peaks), min(peaks))


if __name__ == "__main__":
    main()
