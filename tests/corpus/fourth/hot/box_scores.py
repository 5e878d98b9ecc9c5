import csv
import tempfile


def make_file(f, games):
    out = csv.writer(f)
    out.writerow(["game", "team", "player", "points", "minutes"])
    f.flush()
    text = "".join(f"{g},T{g % 30:02d},P{g * 7 % 450:03d},{g * 13 % 41},{g * 11 % 48}\n" for g in range(10_000))
    for _ in range(games):
        f.write(text)
    f.flush()


def load(path):
    with open(path, newline="") as f:
        return list(csv.DictReader(f))


def leaders(rows):
    points, minutes = {}, {}
    for r in rows:
        p = r["player"]
        points[p] = points.get(p, 0) + int(r["points"])
        minutes[p] = minutes.get(p, 0) + int(r["minutes"])
    return {p: points[p] / minutes[p] for p in points if minutes[p]}


with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as tmp:
    make_file(tmp, 40)
    rate = leaders(load(tmp.name))
best = max(rate, key=rate.get)
print(len(rate), best, round(rate[best], 4))
