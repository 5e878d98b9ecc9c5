"""Totals the readings file of a street's smart meters."""
import tempfile
from pathlib import Path


def write_readings(path, blocks):
    lines = []
    for i in range(40_000):
        lines.append(f"meter-{i % 400:05d};2025-03-{i % 28 + 1:02d};{i * 37 % 9000 / 10:.1f}\n")
    block = "".join(lines)
    with open(path, "w") as f:
        for _ in range(blocks):
            f.write(block)


def totals(path):
    use = {}
    lines = path.read_text().splitlines()
    for line in lines:
        meter, _, value = line.split(";")
        use[meter] = use.get(meter, 0.0) + float(value)
    return use


with tempfile.TemporaryDirectory() as tmp:
    file = Path(tmp) / "readings.txt"
    write_readings(file, 45)
    use = totals(file)
top = max(use, key=use.get)
print(len(use), top, round(use[top], 1))
