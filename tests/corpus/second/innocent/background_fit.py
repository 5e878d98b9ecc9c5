import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np


def correlate(year):
    g = np.random.default_rng(year)
    r = g.standard_normal((700, 700))
    c = r @ r.T
    for _ in range(2):
        c = c @ r
        c /= np.abs(c).max()
    return year, float(np.trace(c))


class Progress:
    def __init__(self):
        self.lines = []

    def note(self, text):
        self.lines.append(text)


def main():
    bar = Progress()
    with ThreadPoolExecutor(max_workers=1) as ex:   # keeps the main thread free for the display
        pending = [ex.submit(correlate, y) for y in range(2015, 2024)]
        for p in pending:
            year, trace = p.result()
            bar.note(f"{year} {trace:.9e}")
            time.sleep(0.001)
    print("\n".join(bar.lines[:3]))
    print("years", len(bar.lines))


main()
