import os
import tempfile


def write_ledger(path, copies):
    lines = []
    for i in range(20_000):
        lines.append(f"2024-{i % 12 + 1:02d}-{i % 28 + 1:02d};ACC{i % 310:04d};{(i * 7919) % 100_000 - 40_000}\n")
    block = "".join(lines)
    with open(path, "w") as f:
        for _ in range(copies):
            f.write(block)


def month_totals(path):
    with open(path) as f:
        rows = f.readlines()
    months = {}
    for row in rows:
        day, _, cents = row.split(";")
        month = day[:7]
        months[month] = months.get(month, 0) + int(cents)
    return months


def main():
    fd, path = tempfile.mkstemp(suffix=".csv")
    os.close(fd)
    try:
        write_ledger(path, 90)
        for month, cents in sorted(month_totals(path).items()):
            print(f"{month} {cents / 100:14.2f}")
    finally:
        os.unlink(path)


if __name__ == "__main__":
    main()
