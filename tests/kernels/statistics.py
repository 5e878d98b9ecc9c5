"""Counting and grouping: histograms, clusters, neighbours, scores."""

import numpy as np


def histogram(x, bins, low, high):
    counts = np.zeros(bins, dtype=np.int64)
    scale = bins / (high - low)
    for value in x:
        if low <= value < high:
            counts[int((value - low) * scale)] += 1
    return counts


def get_bin_edges(a, bins):
    bin_edges = np.zeros((bins + 1,), dtype=np.float64)
    a_min = a.min()
    a_max = a.max()
    delta = (a_max - a_min) / bins
    for i in range(bin_edges.shape[0]):
        bin_edges[i] = a_min + i * delta
    bin_edges[-1] = a_max
    return bin_edges


def compute_bin(x, bin_edges):
    n = bin_edges.shape[0] - 1
    a_min = bin_edges[0]
    a_max = bin_edges[-1]
    if x == a_max:
        return n - 1
    return int(n * (x - a_min) / (a_max - a_min))


def weighted_histogram(a, bins, weights):
    hist = np.zeros((bins,), dtype=a.dtype)
    bin_edges = get_bin_edges(a, bins)
    for i in range(a.shape[0]):
        place = compute_bin(a[i], bin_edges)
        hist[place] += weights[i]
    return hist, bin_edges


def histogram_2d(x, y, bins):
    counts = np.zeros((bins, bins))
    x0, y0 = np.min(x), np.min(y)
    dx, dy = np.ptp(x), np.ptp(y)
    for i in range(len(x)):
        a = min(int((x[i] - x0) / dx * bins), bins - 1)
        b = min(int((y[i] - y0) / dy * bins), bins - 1)
        counts[a, b] += 1
    return counts


def azimuthal_average(data, radius, npt):
    rmax = radius.max()
    result = np.zeros(npt, dtype=np.float64)
    for i in range(npt):
        r1 = rmax * i / npt
        r2 = rmax * (i + 1) / npt
        mask = np.logical_and(r1 <= radius, radius < r2)
        values = data[mask]
        if values.size > 0:
            result[i] = values.mean()
    return result


def azimuthal_average_loops(data, radius, npt):
    rmax = radius.max()
    total = np.zeros(npt)
    count = np.zeros(npt, dtype=np.int64)
    for i in range(data.shape[0]):
        for j in range(data.shape[1]):
            place = int(npt * radius[i, j] / rmax)
            if place < npt:
                total[place] += data[i, j]
                count[place] += 1
    return total / np.maximum(count, 1)


def k_means(points, centres, rounds):
    k = len(centres)
    labels = np.zeros(len(points), dtype=np.int64)
    for _ in range(rounds):
        for i in range(len(points)):
            best = np.inf
            for c in range(k):
                d = 0.0
                for f in range(points.shape[1]):
                    d += (points[i, f] - centres[c, f]) ** 2
                if d < best:
                    best = d
                    labels[i] = c
        for c in range(k):
            members = points[labels == c]
            if len(members):
                for f in range(points.shape[1]):
                    centres[c, f] = members[:, f].mean()
    return labels


def k_means_of_arrays(points, centres, rounds):
    for _ in range(rounds):
        distances = np.sqrt(((points[:, np.newaxis, :] - centres) ** 2).sum(axis=2))
        labels = np.argmin(distances, axis=1)
        for c in range(centres.shape[0]):
            centres[c] = points[labels == c].sum(axis=0) / np.sum(labels == c)
    return centres


def nearest_neighbours(points, query, k):
    distances = np.sum((points - query) ** 2, axis=1)
    return np.argsort(distances)[:k]


def nearest_neighbours_classify(train, labels, queries, k):
    out = np.empty(queries.shape[0], labels.dtype)
    for q in range(queries.shape[0]):
        near_d = np.full(k, np.inf)
        near = np.zeros(k, labels.dtype)
        for i in range(train.shape[0]):
            d = np.linalg.norm(train[i] - queries[q])
            if d < near_d[-1]:
                j = k - 1
                while j > 0 and near_d[j - 1] > d:
                    near_d[j] = near_d[j - 1]
                    near[j] = near[j - 1]
                    j -= 1
                near_d[j] = d
                near[j] = labels[i]
        votes = np.bincount(near, minlength=3)
        out[q] = votes.argmax()
    return out


def pairwise_distances(x):
    m, n = x.shape
    d = np.empty((m, m), dtype=np.float64)
    for i in range(m):
        for j in range(m):
            total = 0.0
            for k in range(n):
                diff = x[i, k] - x[j, k]
                total += diff * diff
            d[i, j] = np.sqrt(total)
    return d


def welford(x):
    mean, m2 = 0.0, 0.0
    for n, value in enumerate(x, 1):
        delta = value - mean
        mean += delta / n
        m2 += delta * (value - mean)
    return mean, m2 / (len(x) - 1)


def rolling_z_score(x, window):
    out = np.zeros(len(x))
    for i in range(window, len(x)):
        part = x[i - window : i]
        sigma = np.std(part)
        out[i] = (x[i] - np.mean(part)) / sigma if sigma > 0 else 0.0
    return out


def kernel_density(x, grid, bandwidth):
    out = np.zeros_like(grid)
    norm = 1.0 / (len(x) * bandwidth * np.sqrt(2 * np.pi))
    for i in range(grid.size):
        out[i] = norm * np.exp(-0.5 * ((grid[i] - x) / bandwidth) ** 2).sum()
    return out


def naive_percentiles(x, levels):
    ordered = np.sort(x)
    out = np.empty(len(levels))
    for i, level in enumerate(levels):
        place = level / 100.0 * (len(x) - 1)
        low = int(np.floor(place))
        high = min(low + 1, len(x) - 1)
        out[i] = ordered[low] + (place - low) * (ordered[high] - ordered[low])
    return out


def group_sums(keys, values, groups):
    sums = np.zeros(groups)
    counts = np.zeros(groups, dtype=np.int32)
    for key, value in zip(keys, values):
        sums[key] += value
        counts[key] += 1
    means = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    return sums, counts, means


def local_maxima(x):
    places = []
    for i in range(1, len(x) - 1):
        if x[i - 1] < x[i] and x[i] > x[i + 1]:
            places.append(i)
    return np.array(places)


def simple_regression(x, y):
    n = len(x)
    sx = sy = sxx = sxy = 0.0
    for a, b in zip(x, y):
        sx += a
        sy += b
        sxx += a * a
        sxy += a * b
    slope = (n * sxy - sx * sy) / (n * sxx - sx**2)
    return slope, (sy - slope * sx) / n


def permutation(x, y, perms):
    obs = abs(x.mean() - y.mean())
    z = np.concatenate((x, y))
    k = 0
    for i in range(perms.shape[0]):
        p = z[perms[i]]
        k += abs(p[: len(x)].mean() - p[len(x) :].mean()) >= obs
    return k / perms.shape[0]


def rolling(x, w):
    n = len(x) - w + 1
    m = np.empty(n)
    s = np.empty(n)
    mx = np.empty(n)
    md = np.empty(n)
    for i in range(n):
        v = x[i : i + w]
        m[i], s[i], mx[i], md[i] = v.mean(), v.std(), v.max(), np.median(v)
    return m, s, mx, md


def kolmogorov_smirnov(x, y):
    x = np.sort(x)
    y = np.sort(y)
    z = np.concatenate((x, y))
    c1 = np.searchsorted(x, z, side="right") / len(x)
    c2 = np.searchsorted(y, z, side="right") / len(y)
    return np.max(np.abs(c1 - c2))


def ols(X, y):
    X1 = np.column_stack((np.ones(len(y)), X))
    beta = np.linalg.solve(X1.T @ X1, X1.T @ y)
    res = y - X1 @ beta
    s2 = res @ res / (X1.shape[0] - X1.shape[1])
    se = np.sqrt(s2 * np.diag(np.linalg.inv(X1.T @ X1)))
    r2 = 1 - (res**2).sum() / ((y - y.mean()) ** 2).sum()
    return beta, se, r2


def groupby_mean(keys, vals):
    u = np.unique(keys)
    out = np.empty(len(u))
    for i, k in enumerate(u):
        out[i] = vals[keys == k].mean()
    return u, out
