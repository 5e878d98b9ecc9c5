"""Values and equilibria, paths and prices: economics and finance."""

import math
from math import sqrt

import numpy as np


def utility(c, gamma=2.0):
    return c ** (1 - gamma) / (1 - gamma)


def bellman(v, grid, beta, R):
    new_v = np.empty_like(v)
    policy = np.empty_like(v)
    for i, a in enumerate(grid):
        best = -np.inf
        for j, ap in enumerate(grid):
            c = R * a + 1 - ap
            if c > 0:
                val = utility(c) + beta * v[j]
                if val > best:
                    best = val
                    policy[i] = ap
        new_v[i] = best
    return new_v, policy


def vfi(grid, beta=0.95, R=1.02, tol=1e-6, max_iter=500):
    v = np.zeros(len(grid))
    error = tol + 1
    it = 0
    while error > tol and it < max_iter:
        new_v, pol = bellman(v, grid, beta, R)
        error = np.max(np.abs(new_v - v))
        v[:] = new_v
        it += 1
    return v, pol, it


def vfi_vec(grid, P, z, beta, n):
    na, nz = len(grid), len(z)
    V = np.zeros((na, nz))
    pol = np.zeros((na, nz), dtype=np.int64)
    for _ in range(n):
        EV = V @ P.T
        Vn = np.empty_like(V)
        for i in range(na):
            for j in range(nz):
                c = z[j] + 1.03 * grid[i] - grid
                util = np.where(c > 0, np.log(np.maximum(c, 1e-10)), -1e10)
                obj = util + beta * EV[:, j]
                k = np.argmax(obj)
                pol[i, j] = k
                Vn[i, j] = obj[k]
        V = Vn
    return V, pol


def normal_cdf(x):
    return 0.5 * math.erfc(-x / sqrt(2))


def tauchen(rho, sigma, n, m=3):
    std_y = np.sqrt(sigma**2 / (1 - rho**2))
    x_max = m * std_y
    x_min = -x_max
    x = np.linspace(x_min, x_max, n)
    step = (x_max - x_min) / (n - 1)
    half = 0.5 * step
    P = np.empty((n, n))
    for i in range(n):
        P[i, 0] = normal_cdf((x[0] - rho * x[i] + half) / sigma)
        P[i, n - 1] = 1 - normal_cdf((x[n - 1] - rho * x[i] - half) / sigma)
        for j in range(1, n - 1):
            z = x[j] - rho * x[i]
            P[i, j] = normal_cdf((z + half) / sigma) - normal_cdf((z - half) / sigma)
    return x, P


def persistence(n, p):
    return np.array([[p, 1 - p], [1 - p, p]])


def rouwenhorst(n, p):
    if n == 2:
        return np.array([[p, 1 - p], [1 - p, p]])
    th = persistence(2, p)
    for k in range(3, n + 1):
        new = np.zeros((k, k))
        new[:-1, :-1] += p * th
        new[:-1, 1:] += (1 - p) * th
        new[1:, :-1] += (1 - p) * th
        new[1:, 1:] += p * th
        new[1:-1] /= 2
        th = new
    return th


def stationary(P):
    n = P.shape[0]
    A = np.eye(n) - P.T
    A[-1, :] = 1.0
    b = np.zeros(n)
    b[-1] = 1.0
    return np.linalg.solve(A, b)


def markov_path(P, init, draws):
    n = len(draws)
    path = np.empty(n + 1, dtype=np.int_)
    path[0] = init
    cdf = np.empty_like(P)
    for i in range(P.shape[0]):
        cdf[i] = P[i].cumsum()
    for t in range(n):
        path[t + 1] = np.searchsorted(cdf[path[t]], draws[t])
    return path


def brentq(f, xa, xb, xtol=2e-12, rtol=8.9e-16, maxiter=100):
    xpre, xcur = xa, xb
    fpre, fcur = f(xpre), f(xcur)
    xblk, fblk, spre, scur = 0.0, 0.0, 0.0, 0.0
    if fpre * fcur > 0:
        raise ValueError("root must be bracketed")
    for i in range(maxiter):
        if fpre * fcur < 0:
            xblk, fblk = xpre, fpre
            spre = scur = xcur - xpre
        if abs(fblk) < abs(fcur):
            xpre, xcur, xblk = xcur, xblk, xcur
            fpre, fcur, fblk = fcur, fblk, fcur
        delta = (xtol + rtol * abs(xcur)) / 2
        sbis = (xblk - xcur) / 2
        if fcur == 0 or abs(sbis) < delta:
            break
        if abs(spre) > delta and abs(fcur) < abs(fpre):
            if xpre == xblk:
                stry = -fcur * (xcur - xpre) / (fcur - fpre)
            else:
                dpre = (fpre - fcur) / (xpre - xcur)
                dblk = (fblk - fcur) / (xblk - xcur)
                stry = -fcur * (fblk * dblk - fpre * dpre) / (dblk * dpre * (fblk - fpre))
            if 2 * abs(stry) < min(abs(spre), 3 * abs(sbis) - delta):
                spre, scur = scur, stry
            else:
                spre = scur = sbis
        else:
            spre = scur = sbis
        xpre, fpre = xcur, fcur
        if abs(scur) > delta:
            xcur += scur
        else:
            xcur += delta if sbis > 0 else -delta
        fcur = f(xcur)
    return xcur


def brent_root(k):
    return brentq(lambda x: math.cos(x) - k * x, 0.0, 2.0)


def nelder_mead(x0, steps):
    n = x0.size
    simplex = np.zeros((n + 1, n))
    simplex[0] = x0
    for i in range(n):
        y = x0.copy()
        y[i] += 0.5
        simplex[i + 1] = y
    vals = np.array([rosenbrock(simplex[i]) for i in range(n + 1)])
    for _ in range(steps):
        order = np.argsort(vals)
        simplex = simplex[order]
        vals = vals[order]
        centroid = simplex[:-1].sum(axis=0) / n
        xr = centroid + (centroid - simplex[-1])
        fr = rosenbrock(xr)
        if vals[0] <= fr < vals[-2]:
            simplex[-1], vals[-1] = xr, fr
        elif fr < vals[0]:
            xe = centroid + 2 * (xr - centroid)
            fe = rosenbrock(xe)
            if fe < fr:
                simplex[-1] = xe
                vals[-1] = fe
            else:
                simplex[-1] = xr
                vals[-1] = fr
        else:
            xc = centroid + 0.5 * (simplex[-1] - centroid)
            fc = rosenbrock(xc)
            if fc < vals[-1]:
                simplex[-1] = xc
                vals[-1] = fc
            else:
                for i in range(1, n + 1):
                    simplex[i] = simplex[0] + 0.5 * (simplex[i] - simplex[0])
                    vals[i] = rosenbrock(simplex[i])
    best = np.argmin(vals)
    return simplex[best], vals[best]


def rosenbrock(x):
    s = 0.0
    for i in range(len(x) - 1):
        s += 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2
    return s


def newton_system(x, tol=1e-12):
    for it in range(50):
        F = np.array([x[0] ** 2 + x[1] ** 2 - 4, x[0] * x[1] - 1])
        J = np.array([[2 * x[0], 2 * x[1]], [x[1], x[0]]])
        dx = np.linalg.solve(J, -F)
        x = x + dx
        if np.linalg.norm(dx) < tol:
            return x, it
    return x, -1


def cubic_spline(x, y):
    n = len(x)
    h = np.diff(x)
    A = np.zeros((n, n))
    rhs = np.zeros(n)
    A[0, 0] = A[-1, -1] = 1
    for i in range(1, n - 1):
        A[i, i - 1 : i + 2] = np.array([h[i - 1], 2 * (h[i - 1] + h[i]), h[i]])
        rhs[i] = 3 * ((y[i + 1] - y[i]) / h[i] - (y[i] - y[i - 1]) / h[i - 1])
    c = np.linalg.solve(A, rhs)
    b = (y[1:] - y[:-1]) / h - h * (2 * c[:-1] + c[1:]) / 3
    d = (c[1:] - c[:-1]) / (3 * h)
    return y[:-1], b, c[:-1], d


def bilinear(z, x, y):
    x0 = int(np.floor(x))
    y0 = int(np.floor(y))
    x1 = min(x0 + 1, z.shape[0] - 1)
    y1 = min(y0 + 1, z.shape[1] - 1)
    fx, fy = x - x0, y - y0
    return (
        z[x0, y0] * (1 - fx) * (1 - fy)
        + z[x1, y0] * fx * (1 - fy)
        + z[x0, y1] * (1 - fx) * fy
        + z[x1, y1] * fx * fy
    )


def resample_bilinear(z, n, m):
    out = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            out[i, j] = bilinear(z, i * (z.shape[0] - 1) / (n - 1), j * (z.shape[1] - 1) / (m - 1))
    return out


def deferred_acceptance(mp, wp):
    n = len(mp)
    rank = np.empty_like(wp)
    for w in range(n):
        for r in range(n):
            rank[w, wp[w, r]] = r
    engaged = np.full(n, -1)
    nxt = np.zeros(n, np.int64)
    free = [i for i in range(n)]
    while len(free) > 0:
        m = free.pop()
        w = mp[m, nxt[m]]
        nxt[m] += 1
        if engaged[w] == -1:
            engaged[w] = m
        elif rank[w, m] < rank[w, engaged[w]]:
            free.append(engaged[w])
            engaged[w] = m
        else:
            free.append(m)
    return engaged


def binomial(S0, K, T, r, sigma, N, american):
    dt = T / N
    u_ = np.exp(sigma * np.sqrt(dt))
    d = 1 / u_
    p = (np.exp(r * dt) - d) / (u_ - d)
    disc = np.exp(-r * dt)
    ST = np.array([S0 * u_ ** (N - 2 * j) for j in range(N + 1)])
    V = np.maximum(K - ST, 0)
    for i in range(N - 1, -1, -1):
        V = disc * (p * V[:-1] + (1 - p) * V[1:])
        if american:
            S = S0 * u_ ** (i - 2.0 * np.arange(i + 1))
            V = np.maximum(V, K - S)
    return V[0]


def heston(S0, v0, r, kappa, theta, xi, rho, T, Z):
    steps, n = Z.shape[0], Z.shape[1]
    dt = T / steps
    S = np.full(n, S0)
    v = np.full(n, v0)
    for t in range(steps):
        z1 = Z[t, :, 0]
        z2 = rho * z1 + np.sqrt(1 - rho**2) * Z[t, :, 1]
        S *= np.exp((r - 0.5 * v) * dt + np.sqrt(v * dt) * z1)
        v = np.maximum(v + kappa * (theta - v) * dt + xi * np.sqrt(v * dt) * z2, 0)
    return np.exp(-r * T) * np.mean(np.maximum(S - 100, 0)), S.std()


def lsm(paths, K, r, dt):
    n, m = paths.shape
    cash = np.maximum(K - paths[:, -1], 0)
    for t in range(m - 2, 0, -1):
        cash = cash * np.exp(-r * dt)
        itm = paths[:, t] < K
        X = paths[itm, t]
        Y = cash[itm]
        if len(X) > 3:
            A = np.ones((len(X), 3))
            A[:, 1] = X
            A[:, 2] = X**2
            coef = np.linalg.lstsq(A, Y)[0]
            cont = A @ coef
            ex = K - X
            k = 0
            for i in range(n):
                if itm[i]:
                    if ex[k] > cont[k]:
                        cash[i] = ex[k]
                    k += 1
    return np.mean(cash) * np.exp(-r * dt)


def max_drawdown(prices):
    peak = prices[0]
    mdd = 0.0
    for p in prices[1:]:
        if p > peak:
            peak = p
        dd = (peak - p) / peak
        if dd > mdd:
            mdd = dd
    running = np.maximum.accumulate(prices)
    return mdd, np.max(1 - prices / running)


def rsi(p, n):
    delta = np.diff(p)
    gain = np.where(delta > 0, delta, 0.0)
    loss = np.where(delta < 0, -delta, 0.0)
    out = np.full(p.shape, np.nan)
    ag, al = gain[:n].mean(), loss[:n].mean()
    for i in range(n, len(delta)):
        ag = (ag * (n - 1) + gain[i]) / n
        al = (al * (n - 1) + loss[i]) / n
        out[i + 1] = 100 - 100 / (1 + ag / al) if al != 0 else 100
    return out


def garch(r, omega, alpha, beta):
    T = r.shape[0]
    s2 = np.zeros(T)
    s2[0] = np.var(r)
    ll = 0.0
    for t in range(1, T):
        s2[t] = omega + alpha * r[t - 1] ** 2 + beta * s2[t - 1]
        ll += -0.5 * (np.log(2 * np.pi) + np.log(s2[t]) + r[t] ** 2 / s2[t])
    return ll, s2


def portfolio(returns, w):
    mu = np.array([returns[:, i].mean() for i in range(returns.shape[1])])
    cov = np.cov(returns.T)
    ret = np.dot(w, mu) * 252
    vol = np.sqrt(np.dot(w.T, np.dot(cov, w)) * 252)
    return ret, vol, ret / vol
