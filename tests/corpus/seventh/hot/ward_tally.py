import random
import sys


WARDS = ["north", "east", "dock", "mill", "hill"]
NAMES = ["Okafor", "Lind", "Reyes", "Tan", ""]


def load_ballots(seed=3):
    rnd = random.Random(seed)
    slips = [f"{ward}/{name}" for ward in WARDS for name in NAMES]
    return rnd.choices(slips, [5, 4, 4, 2, 1] * len(WARDS), k=40_000) * 180


def canvass(slips):
    sheet = {}
    for slip in slips:
        sheet.setdefault(slip, 0)
        sheet[slip] += 1
    return sheet


def leaders(sheet):
    best = {}
    for slip, n in sheet.items():
        ward, mark = slip.split("/")
        if mark and n > best.get(ward, ("", -1))[1]:
            best[ward] = (mark, n)
    return best


def main(argv):
    sheet = canvass(load_ballots())
    for ward, (mark, n) in sorted(leaders(sheet).items()):
        print(f"{ward:6s} {mark:8s} {n}")
    print("spoiled", sum(n for slip, n in sheet.items() if slip.endswith("/")))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
