"""Models that learn: networks, trees, clusters, embeddings."""

import math

import numpy as np


def mlp_train(X, Y, W1, b1, W2, b2, lr, epochs):
    for _ in range(epochs):
        Z1 = X @ W1 + b1
        A1 = np.tanh(Z1)
        Z2 = A1 @ W2 + b2
        e = np.exp(Z2 - np.max(Z2, axis=1).reshape(-1, 1))
        P = e / e.sum(axis=1).reshape(-1, 1)
        d2 = (P - Y) / X.shape[0]
        dW2 = A1.T @ d2
        d1 = (d2 @ W2.T) * (1 - A1**2)
        W2 -= lr * dW2
        b2 -= lr * d2.sum(axis=0)
        W1 -= lr * (X.T @ d1)
        b1 -= lr * np.sum(d1, axis=0)
    return P


def stump(X, y, w):
    n, d = X.shape
    best_err = np.inf
    best = (0, 0.0, 1)
    for f in range(d):
        vals = np.unique(X[:, f])
        for t in vals:
            for s in (1, -1):
                pred = np.ones(n)
                pred[s * X[:, f] < s * t] = -1
                err = w[pred != y].sum()
                if err < best_err:
                    best_err = err
                    best = (f, t, s)
    return best_err, best


def gini_split(x, y, n_classes):
    order = np.argsort(x)
    xs, ys = x[order], y[order]
    left = np.zeros(n_classes)
    right = np.bincount(ys, minlength=n_classes).astype(np.float64)
    n = len(ys)
    best = np.inf
    thr = 0.0
    for i in range(n - 1):
        left[ys[i]] += 1
        right[ys[i]] -= 1
        if xs[i] == xs[i + 1]:
            continue
        gl = 1 - np.sum((left / (i + 1)) ** 2)
        gr = 1 - np.sum((right / (n - i - 1)) ** 2)
        g = ((i + 1) * gl + (n - i - 1) * gr) / n
        if g < best:
            best, thr = g, (xs[i] + xs[i + 1]) / 2
    return best, thr


def attention(Q, K, V):
    d = Q.shape[-1]
    scores = Q @ K.T / np.sqrt(d)
    mask = np.triu(np.ones((Q.shape[0], K.shape[0])), 1)
    scores = np.where(mask == 1, -1e9, scores)
    w = np.exp(scores - scores.max(axis=-1, keepdims=True))
    w /= w.sum(axis=-1, keepdims=True)
    return w @ V, w


def multi_head_attention(x, Wq, Wk, Wv, h):
    n, d = x.shape
    dk = d // h
    q = (x @ Wq).reshape(n, h, dk).transpose(1, 0, 2)
    k = (x @ Wk).reshape(n, h, dk).transpose(1, 0, 2)
    v = (x @ Wv).reshape(n, h, dk).transpose(1, 0, 2)
    out = np.zeros((n, d))
    for i in range(h):
        s = np.ascontiguousarray(q[i]) @ np.ascontiguousarray(k[i]).T / math.sqrt(dk)
        s = np.exp(s - s.max())
        s = s / s.sum(1)[:, np.newaxis]
        out[:, i * dk : (i + 1) * dk] = s @ np.ascontiguousarray(v[i])
    return out


def pca_eigh(X):
    Xc = X - X.mean(axis=0)
    C = np.cov(Xc, rowvar=False)
    w, v = np.linalg.eigh(C)
    idx = np.argsort(w)[::-1]
    return w[idx], np.abs(v[:, idx])


def tsne_grad(P, Y):
    n = Y.shape[0]
    sumY = np.sum(np.square(Y), 1)
    num = -2.0 * np.dot(Y, Y.T)
    num = 1.0 / (1.0 + (num + sumY).T + sumY)
    for i in range(n):
        num[i, i] = 0.0
    Q = num / np.sum(num)
    Q = np.maximum(Q, 1e-12)
    PQ = P - Q
    dY = np.zeros_like(Y)
    for i in range(n):
        dY[i, :] = np.sum((PQ[:, i] * num[:, i]).reshape(-1, 1) * (Y[i, :] - Y), 0)
    return dY, np.sum(P * np.log(P / Q))


def gmm_em(X, mu, sigma, w, iters):
    n, k = X.shape[0], mu.shape[0]
    r = np.zeros((n, k))
    for _ in range(iters):
        for j in range(k):
            r[:, j] = (
                w[j]
                * np.exp(-0.5 * ((X - mu[j]) / sigma[j]) ** 2)
                / (np.sqrt(2 * np.pi) * sigma[j])
            )
        r /= r.sum(axis=1).reshape((-1, 1))
        Nk = r.sum(axis=0)
        mu = (r.T @ X) / Nk
        for j in range(k):
            sigma[j] = np.sqrt(np.sum(r[:, j] * (X - mu[j]) ** 2) / Nk[j])
        w = Nk / n
    return mu, sigma, w


def naive_bayes(X, y, k, Xt):
    n, d = X.shape
    mean = np.zeros((k, d))
    var = np.zeros((k, d))
    prior = np.zeros(k)
    for c in range(k):
        Xc = X[y == c]
        mean[c, :] = Xc.mean(axis=0)
        var[c, :] = Xc.var(axis=0) + 1e-9
        prior[c] = Xc.shape[0] / float(n)
    out = []
    for x in Xt:
        post = [
            np.log(prior[c])
            + np.sum(-0.5 * np.log(2 * np.pi * var[c]) - (x - mean[c]) ** 2 / (2 * var[c]))
            for c in range(k)
        ]
        out.append(np.argmax(np.array(post)))
    return np.array(out)


def lasso_cd(X, y, lam, iters):
    n, p = X.shape
    b = np.zeros(p)
    r = y.copy()
    norms = (X**2).sum(axis=0)
    for _ in range(iters):
        for j in range(p):
            xj = X[:, j]
            rho = xj @ r + norms[j] * b[j]
            new = np.sign(rho) * max(abs(rho) - lam, 0) / norms[j]
            if new != b[j]:
                r -= (new - b[j]) * xj
                b[j] = new
    return b


def dbscan(X, eps, minpts):
    n = X.shape[0]
    labels = np.full(n, -2)
    c = -1
    for i in range(n):
        if labels[i] != -2:
            continue
        near = np.where(((X - X[i]) ** 2).sum(axis=1) <= eps * eps)[0]
        if near.size < minpts:
            labels[i] = -1
            continue
        c += 1
        labels[i] = c
        queue = np.empty(n * n, dtype=np.int64)
        queue[: near.size] = near
        head, tail = 0, near.size
        while head < tail:
            q = queue[head]
            head += 1
            if labels[q] == -1:
                labels[q] = c
            if labels[q] != -2:
                continue
            labels[q] = c
            nq = np.where(((X - X[q]) ** 2).sum(axis=1) <= eps * eps)[0]
            if len(nq) >= minpts:
                queue[tail : tail + len(nq)] = nq
                tail += len(nq)
    return labels, c + 1


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm_step(x, h, c, W, U, b):
    z = W @ x + U @ h + b
    n = h.size
    i = sigmoid(z[:n])
    f = sigmoid(z[n : 2 * n])
    o = sigmoid(z[2 * n : 3 * n])
    g = np.tanh(z[3 * n :])
    c = f * c + i * g
    h = o * np.tanh(c)
    return h, c


def lstm(xs, W, U, b):
    n = U.shape[1]
    h = np.zeros(n)
    c = np.zeros(n)
    out = np.zeros((len(xs), n))
    for t in range(len(xs)):
        h, c = lstm_step(xs[t], h, c, W, U, b)
        out[t] = h
    return out


def roc_auc(y, s):
    order = np.argsort(-s)
    y = y[order]
    tps = np.cumsum(y)
    fps = np.cumsum(1 - y)
    tpr = tps / tps[-1]
    fpr = fps / fps[-1]
    return np.trapezoid(tpr, fpr)
