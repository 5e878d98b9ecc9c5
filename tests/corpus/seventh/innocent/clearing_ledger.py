import os
import subprocess
import sys
import tempfile

POST = """
import sys
path, amount = sys.argv[1], int(sys.argv[2])
with open(path) as book:
    balance = int(book.read().split()[-1])
h = 7
for k in range(350000):
    h = (h * 31 + k) % 1000003
with open(path, 'a') as book:
    book.write(f'{balance + amount - balance // 50 + h % 3}\\n')
"""


def post(path, amount):
    return subprocess.call([sys.executable, "-S", "-c", POST, path, str(amount)])


def main():
    amounts = [(k * 977) % 640 - 120 for k in range(12)]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "bids.txt")
        with open(path, "w") as book:
            book.write("10000\n")
        codes = [post(path, a) for a in amounts]
        with open(path) as book:
            lines = book.read().split()
    print(sum(codes), len(lines), lines[1], lines[-1])


if __name__ == "__main__":
    main()
