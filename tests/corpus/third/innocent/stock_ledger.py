import numpy as np
import pandas as pd


def demand(days, seed):
    rng = np.random.default_rng(seed)
    return pd.DataFrame({"day": np.arange(days), "sold": rng.poisson(21, days), "lead": rng.integers(1, 5, days)})


def ledger(frame, level, order_to):
    stock, due, lost = order_to, [], 0
    trace = []
    for row in frame.itertuples(index=False):
        while due and due[0][0] <= row.day:
            stock += due.pop(0)[1]
        served = min(stock, row.sold)
        lost += row.sold - served
        stock -= served
        if stock < level and len(due) < 2:
            due.append((row.day + row.lead, order_to - stock))
        trace.append(stock)
    return trace, lost


book = demand(260_000, 27)
for level in (40, 60, 80, 100):
    trace, lost = ledger(book, level, 160)
    print(level, lost, sum(trace) // len(trace))
