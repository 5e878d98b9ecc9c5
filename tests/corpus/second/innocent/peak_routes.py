import sys

LINKS = {
    "A": "BCDE", "B": "ACDF", "C": "ABEFG", "D": "ABFGH", "E": "ACGHL",
    "F": "BCDHIK", "G": "CDEIJ", "H": "DEFIJ", "I": "FGHJ", "J": "GHIKL", "K": "JLF", "L": "JKE",
}
KM = {a + b: (ord(a) * 7 + ord(b) * 7) % 19 + 3 for a, bs in LINKS.items() for b in bs}


def walks(trail, end, left):
    here = trail[-1]
    if here == end:
        yield trail
        return
    if left == 0:
        return
    for nxt in LINKS[here]:
        if nxt not in trail:
            yield from walks(trail + (nxt,), end, left - 1)


def length(trail):
    return sum(KM[a + b] for a, b in zip(trail, trail[1:]))


def main(argv):
    limit = int(argv[1]) if len(argv) > 1 else 11
    total = 0
    for start in LINKS:
        for end in "IJHG":
            if start == end:
                continue
            routes = list(walks((start,), end, limit))
            total += len(routes)
            if start == "A":
                best = min(routes, key=lambda t: (length(t), t))
                print(start, end, len(routes), "-".join(best), length(best))
    print("routes", total)


main(sys.argv)
