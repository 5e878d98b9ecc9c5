import random


def next_event(rng, clock):
    clock += rng.expovariate(3.0)
    return clock, rng.choice(("arrive", "depart", "idle"))


def simulate(duration, seed):
    rng = random.Random(seed)
    events = []
    clock = 0.0
    while clock < duration:
        clock, kind = next_event(rng, clock)
        events = events + [(clock, kind)]
    return events


def busiest(events):
    kinds = [kind for _, kind in events]
    return max(set(kinds), key=kinds.count)


events = simulate(duration=5_000, seed=21)
print(len(events), busiest(events), round(events[-1][0], 4))
