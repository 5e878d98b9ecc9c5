# Reconcile two ledgers: floats, because the export had NaN for missing
import numpy as np


def ledger(n, seed):
    g = np.random.default_rng(seed)
    account = g.integers(10_000_000_000, 10_000_400_000, n).astype(float)
    cents = g.integers(1, 900_000_000, n).astype(float)
    account[g.random(n) < 0.01] = np.nan
    return account, cents


def totals(account, cents):
    ok = ~np.isnan(account)
    keys, inverse = np.unique(account[ok], return_inverse=True)
    return keys, np.bincount(inverse, weights=cents[ok])


n = 2_500_000
keys_a, sum_a = totals(*ledger(n, 1))
keys_b, sum_b = totals(*ledger(n, 2))
common, ia, ib = np.intersect1d(keys_a, keys_b, return_indices=True)
gap = sum_a[ia] - sum_b[ib]
print(len(keys_a), len(keys_b), len(common))
print(int(gap[np.argmax(gap)]), int(common[np.argmax(gap)]), int(sum_a.sum()))
