from collections import deque
import numpy as np
import pandas as pd


def events(n):
    rng = np.random.default_rng(10)
    kinds = np.array(["ask", "return", "cancel"], dtype=object)
    return pd.DataFrame({
        "kind": kinds[rng.choice(3, n, p=[0.5, 0.4, 0.1])],
        "title": rng.integers(0, 12, n),
        "patron": rng.integers(0, 5000, n),
    })


def desk(book):
    queues, on_loan, taken, handed = {}, {}, {}, 0
    for ev in book.itertuples(index=False):
        line = queues.setdefault(ev.title, deque())
        if ev.kind == "ask":
            if ev.title in on_loan:
                line.append(ev.patron)
            else:
                on_loan[ev.title] = ev.patron
        elif ev.kind == "return":
            on_loan.pop(ev.title, None)
            if line:
                nxt = min(line, key=lambda p: taken.get(p, 0))
                line.remove(nxt)
                taken[nxt] = taken.get(nxt, 0) + 1
                on_loan[ev.title] = nxt
                handed += 1
        elif ev.patron in line:
            line.remove(ev.patron)
    return handed, sum(map(len, queues.values())), on_loan


handed, waiting, on_loan = desk(events(42_000))
print(handed, waiting, len(on_loan), sum(on_loan.values()))
