from collections import defaultdict

SPECIES = ("heron", "coot", "mallard", "teal", "grebe", "swan", "kingfisher")


def sightings(count):
    cycle = [SPECIES[(i * i + 3 * i) % 7] for i in range(997)]
    return cycle * (count // len(cycle))


def tally(records):
    seen = defaultdict(int)
    for species in records:
        seen[species] += 1
    return seen


def diversity(seen):
    total = sum(seen.values())
    return 1 - sum((n / total) ** 2 for n in seen.values())


result = tally(sightings(7_000_000))
print(round(diversity(result), 6), dict(sorted(result.items()))["teal"])
