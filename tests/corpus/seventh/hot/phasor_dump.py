import os
import tempfile


def make_dump(path, repeats):
    lines = []
    for k in range(4000):
        lines.append(f"PMU{k % 16:02d};{k * 0.02:.2f};{49.9 + k * 37 % 200 / 1000:.3f}\n")
    block = "".join(lines)
    with open(path, "w") as out:
        for _ in range(repeats):
            out.write(block)


def swings(path):
    with open(path) as dump:
        rows = dump.read().splitlines()
    stats = {}
    for row in rows:
        unit, _, hertz = row.split(";")
        value = float(hertz)
        low, high = stats.get(unit, (99.0, 0.0))
        stats[unit] = min(low, value), max(high, value)
    return {u: high - low for u, (low, high) in stats.items()}


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "pmu.txt")
    make_dump(path, 400)
    swing = swings(path)

for unit in sorted(swing)[:3]:
    print(unit, f"{swing[unit]:.4f}")
print(len(swing), max(sorted(swing), key=swing.get))
