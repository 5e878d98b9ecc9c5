import random


def performance(n, seed):
    gen = random.Random(seed)
    names = [p + o for p in ("C", "D", "Eb", "F", "G", "Ab", "Bb") for o in "2345"]
    return gen.choices(names, k=n), [gen.randrange(20, 9000) for _ in range(n)]


def longest(held, pitches, durations):
    for pitch, ms in zip(pitches, durations):
        if ms > held.get(pitch, 0):
            held[pitch] = ms
    return held


def main():
    pitches, durations = performance(60_000, 21)
    held = {}
    for shift in range(160):
        durations[shift] += shift
        held = longest(held, pitches, durations)
    print(len(held))
    for pitch in sorted(held)[:4]:
        print(pitch, held[pitch])


main()
