"""Cheapest trip over a grid of mountain passes, right and down only."""
import argparse


class Passes:
    def __init__(self, rows, cols):
        self.rows = rows
        self.cols = cols

    def toll(self, r, c):
        return (r * 37 + c * 91 + r * c) % 23


def cheapest(rows, cols, r=0, c=0):
    here = (r * 37 + c * 91 + r * c) % 23
    if r == rows - 1 and c == cols - 1:
        return here
    options = []
    if r + 1 < rows:
        options.append(cheapest(rows, cols, r + 1, c))
    if c + 1 < cols:
        options.append(cheapest(rows, cols, r, c + 1))
    return here + min(options)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--rows", type=int, default=12)
    ap.add_argument("--cols", type=int, default=12)
    a = ap.parse_args()
    passes = Passes(a.rows, a.cols)
    print("corner tolls", passes.toll(0, 0), passes.toll(a.rows - 1, a.cols - 1))
    for cut in range(2, a.rows + 1, 3):
        print(f"{cut:2d} x {a.cols:2d}: {cheapest(cut, a.cols)}")


if __name__ == "__main__":
    main()
