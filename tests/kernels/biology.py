"""Sequences, trees and hidden states."""

import numpy as np


def needleman_wunsch(a, b, match=1, mismatch=-1, gap=-1):
    n, m = len(a), len(b)
    F = np.zeros((n + 1, m + 1), dtype=np.int64)
    ptr = np.zeros((n + 1, m + 1), dtype=np.uint8)
    F[:, 0] = np.arange(n + 1) * gap
    F[0, :] = np.arange(m + 1) * gap
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            d = F[i - 1, j - 1] + (match if a[i - 1] == b[j - 1] else mismatch)
            u = F[i - 1, j] + gap
            l = F[i, j - 1] + gap
            best = max(d, u, l)
            F[i, j] = best
            if best == d:
                ptr[i, j] = 0
            elif best == u:
                ptr[i, j] = 1
            else:
                ptr[i, j] = 2
    i, j = n, m
    outa = np.empty(n + m, dtype=np.int8)
    outb = np.empty(n + m, dtype=np.int8)
    k = 0
    while i > 0 or j > 0:
        if i > 0 and j > 0 and ptr[i, j] == 0:
            i -= 1
            j -= 1
            outa[k], outb[k] = a[i], b[j]
        elif i > 0 and (ptr[i, j] == 1 or j == 0):
            i -= 1
            outa[k], outb[k] = a[i], -1
        else:
            j -= 1
            outa[k], outb[k] = -1, b[j]
        k += 1
    return F[n, m], outa[:k][::-1], outb[:k][::-1]


def hmm_forward(obs, pi, A, B):
    T = len(obs)
    N = A.shape[0]
    alpha = np.zeros((T, N))
    scale = np.zeros(T)
    alpha[0] = pi * B[:, obs[0]]
    scale[0] = alpha[0].sum()
    alpha[0] /= scale[0]
    for t in range(1, T):
        alpha[t] = (alpha[t - 1] @ A) * B[:, obs[t]]
        scale[t] = alpha[t].sum()
        alpha[t] /= scale[t]
    beta = np.ones((T, N))
    for t in range(T - 2, -1, -1):
        beta[t] = A @ (B[:, obs[t + 1]] * beta[t + 1]) / scale[t + 1]
    gamma = alpha * beta
    gamma /= gamma.sum(axis=1)[:, None]
    return np.log(scale).sum(), gamma


def kmers(seq, k):
    counts = np.zeros(4**k, dtype=np.int64)
    mask = (1 << (2 * k)) - 1
    h = 0
    for i, c in enumerate(seq):
        h = ((h << 2) | c) & mask
        if i >= k - 1:
            counts[h] += 1
    return counts


def kmers_of_dict(seq, k):
    d = {}
    for i in range(len(seq) - k + 1):
        h = 0
        for j in range(k):
            h = h * 4 + seq[i + j]
        if h in d:
            d[h] += 1
        else:
            d[h] = 1
    return len(d), d[0] if 0 in d else 0


def upgma(D):
    n = D.shape[0]
    D = D.copy().astype(np.float64)
    size = np.ones(n)
    alive = np.ones(n, dtype=np.bool_)
    Z = np.zeros((n - 1, 4))
    for step in range(n - 1):
        best = np.inf
        bi, bj = -1, -1
        for i in range(n):
            if not alive[i]:
                continue
            for j in range(i):
                if alive[j] and D[i, j] < best:
                    best = D[i, j]
                    bi, bj = i, j
        Z[step] = bj, bi, best, size[bi] + size[bj]
        for k in range(n):
            if alive[k] and k != bi and k != bj:
                D[bj, k] = D[k, bj] = (size[bi] * D[bi, k] + size[bj] * D[bj, k]) / (
                    size[bi] + size[bj]
                )
        size[bj] += size[bi]
        alive[bi] = False
    return Z
