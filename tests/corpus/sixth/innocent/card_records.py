import os
import re
import tempfile

RECORD = re.compile(r"^TITLE (?P<t>.+)\n(?:NOTE .*\n)*SHELF (?P<s>[A-Z]+ \d+)$", re.M)


def write_cards(path, n):
    cards = []
    for k in range(n):
        cards.append(f"TITLE Treatise no. {k * 37 % 1009} on bells\n")
        cards.append("NOTE bound with others, wants leaf\n" * (k % 4))
        cards.append(f"SHELF {'QRST'[k % 4]}A {k % 613}\n\n")
    with open(path, "w") as out:
        for _ in range(34):
            out.writelines(cards)


def index(path):
    with open(path) as f:
        text = f.read()
    shelves = {}
    for m in RECORD.finditer(text):
        shelves[m["s"]] = m["t"]
    return shelves


def main():
    fd, path = tempfile.mkstemp(suffix=".txt")
    os.close(fd)
    try:
        write_cards(path, 12_000)
        shelves = index(path)
    finally:
        os.remove(path)
    print(len(shelves), shelves["QA 4"], "|", shelves["RA 9"])


if __name__ == "__main__":
    main()
