import argparse
import random
from collections import namedtuple

Trip = namedtuple("Trip", "line origin target minutes")

ap = argparse.ArgumentParser()
ap.add_argument("--trips", type=int, default=45_000)
ap.add_argument("--seed", type=int, default=4)
opts = ap.parse_args()

rnd = random.Random(opts.seed)
stops = list(range(10_000, 18_000))
closed = tuple(rnd.sample(stops, 1_900))
trips = [
    Trip(rnd.choice("ABCDEFG"), rnd.choice(stops), rnd.choice(stops), rnd.randint(4, 70))
    for _ in range(opts.trips)
]

running = [t for t in trips
           if t.origin not in closed
           and t.target not in closed]

per_line = {}
for trip in running:
    per_line.setdefault(trip.line, []).append(trip.minutes)
for name in sorted(per_line):
    mins = per_line[name]
    print(name, len(mins), sum(mins) // len(mins))
