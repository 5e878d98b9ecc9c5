import numpy as np


def payments(n, seed):
    """Amounts in cents as the clearing house delivers them: floats."""
    g = np.random.default_rng(seed)
    block = g.integers(1, 9_000_000_000, n // 16).astype(float)
    return np.tile(block, 16)


def nets(amounts, sides):
    signed = amounts * sides
    running = np.cumsum(signed)
    return running


def audit(running, k):
    jumps = np.diff(running[k::61])
    return int(running[-1]), int(jumps.max()), int(np.bitwise_xor.reduce(running.astype(np.int64)) % 1009)


sides = np.where(np.arange(4_000_000) % 3 == 0, -1.0, 0.5 * 2)
for bank in range(9):
    amounts = payments(4_000_000, bank)
    running = nets(amounts, sides)
    total, jump, mark = audit(running, bank)
    print(bank, total, jump, mark)
