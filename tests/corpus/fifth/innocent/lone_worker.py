"""Render embeddings in a background worker so that the GUI loop isn't blocked."""
from concurrent.futures import ProcessPoolExecutor

import numpy as np


def embed(step):
    g = np.random.default_rng(step)
    w = g.standard_normal((850, 850)) / 29
    x = g.standard_normal((850, 850))
    for _ in range(4):
        x = np.tanh(x @ w)
    return float(np.abs(x).mean())


def gui(steps):
    with ProcessPoolExecutor(max_workers=1) as background:
        waiting = None
        shown = []
        for step in range(steps):
            if waiting is not None:
                shown.append(waiting.result())
            waiting = background.submit(embed, step)
        shown.append(waiting.result())
    return shown


shown = gui(9)
print(len(shown), " ".join(f"{v:.4f}" for v in shown[::3]))
