"""Tonnage per port from a flat file of waybills."""
import tempfile
import random

PORTS = ("Aarhus", "Bilbao", "Cork", "Danzig", "Emden")


def write_book(fh, blocks):
    rng = random.Random(1600)
    block = "".join(
        f"{rng.choice(PORTS)};{rng.randrange(10**6):06d};{rng.randrange(5, 400)};general cargo\n"
        for _ in range(5_000)
    )
    for _ in range(blocks):
        fh.write(block)
    fh.flush()


def tonnage(path):
    with open(path, encoding="ascii") as fh:
        entries = fh.read().splitlines()
    totals = dict.fromkeys(PORTS, 0)
    for entry in entries:
        port, _, tonnes, _ = entry.split(";")
        totals[port] += int(tonnes)
    return totals


with tempfile.NamedTemporaryFile("w", suffix=".book") as tmp:
    write_book(tmp, 480)
    for port, tonnes in tonnage(tmp.name).items():
        print(f"{port:8s}{tonnes:12d}")
