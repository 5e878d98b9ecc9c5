from collections import deque

import numpy as np
import pandas as pd


def movements(count):
    rng = np.random.default_rng(19)
    quantity = rng.integers(1, 20, count)
    quantity[1::2] *= -1
    item = rng.integers(0, 300, count)
    return pd.DataFrame({"item": item, "quantity": quantity, "price": rng.integers(100, 900, count)})


def realised_profit(frame):
    lots = {}
    profit = 0
    for move in frame.itertuples(index=False):
        held = lots.setdefault(move.item, deque())
        if move.quantity > 0:
            held.append([move.quantity, move.price])
            continue
        need = -move.quantity
        while need and held:
            lot = held[0]
            used = min(need, lot[0])
            profit += used * (move.price - lot[1])
            lot[0] -= used
            need -= used
            if lot[0] == 0:
                held.popleft()
    return profit, sum(len(held) for held in lots.values())


print(*realised_profit(movements(330_000)))
