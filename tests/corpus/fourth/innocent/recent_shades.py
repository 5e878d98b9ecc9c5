"""A painter's palette holds six pots; the least recently used one is emptied."""
import itertools

SHADES = "ochre umber sienna indigo madder lake smalt azure verdigris ivory white".split()


def shade_stream(n):
    a, b = 3, 5
    for _ in range(n):
        a, b = b, (a * 7 + b * 3 + 1) % 1009
        yield SHADES[b % 11]


def simulate(stream, pots=6):
    palette = []
    refills = 0
    for shade in stream:
        if shade in palette:
            palette.remove(shade)
        else:
            refills += 1
            if len(palette) == pots:
                palette.pop()
        palette.insert(0, shade)
    return refills, palette


def main():
    n = 4_000_000
    refills, palette = simulate(itertools.islice(shade_stream(n), n))
    print(f"{refills} refills, palette {palette}")


main()
