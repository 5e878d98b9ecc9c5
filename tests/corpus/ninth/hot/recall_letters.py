from dataclasses import dataclass
import random


@dataclass
class Visit:
    chart: str
    months: int
    surgery: str


def load_visits(n, rng):
    return [Visit(f"C-{rng.randrange(90000):05d}", rng.randrange(1, 24),
                  rng.choice(("north", "river", "mill"))) for _ in range(n)]


def letters_sent(rng):
    sent = []
    for month in range(8):
        for _ in range(500):
            sent.append(f"C-{rng.randrange(90000):05d}")
    return sent


def due(visits, sent, threshold=6):
    for v in visits:
        if v.months < threshold:
            continue
        if v.chart not in sent:
            yield v


def main():
    rng = random.Random(41)
    visits = load_visits(20000, rng)
    sent = letters_sent(rng)
    per_surgery = {"north": [], "river": [], "mill": []}
    for v in due(visits, sent):
        per_surgery[v.surgery].append(v.chart)
    for name, charts in sorted(per_surgery.items()):
        print(f"{name:8s} {len(charts):6d} first {charts[0]}")


if __name__ == "__main__":
    main()
