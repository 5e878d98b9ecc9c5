import json
import pathlib
import tempfile
from fractions import Fraction


def write_receipts(folder, count):
    lines = [{"article": f"a{i}", "price": f"{i * 37 % 900 + 5}/100", "count": i % 4 + 1} for i in range(60)]
    text = json.dumps(lines)
    for number in range(count):
        (folder / f"{number:04d}.json").write_text(text)


def receipt_total(path):
    total = Fraction(0)
    for line in json.loads(path.read_text()):
        total += Fraction(line["price"]) * line["count"]
    return total


def book(folder):
    return sum(receipt_total(path) for path in sorted(folder.glob("*.json")))


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    write_receipts(folder, 1_600)
    print(book(folder))
