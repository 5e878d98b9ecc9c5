# Monthly temperature anomalies on a grid, values in tenths of a degree
import numpy as np


def archive(months, lat, lon):
    base = np.add.outer(np.linspace(-20, 28, lat), np.sin(np.linspace(0, 6, lon)) * 4)
    season = 8 * np.cos(np.arange(months) * 2 * np.pi / 12)
    data = np.empty((months, lat, lon))
    for k in range(months):
        data[k] = np.round(base + season[k], 1)
    return data


def climatology(t):
    months, lat, lon = t.shape
    return t.reshape(months // 12, 12, lat, lon).mean(axis=0)


def anomalies(t, clim):
    return t - np.concatenate([clim] * (len(t) // 12))


t = archive(120, 250, 400)
clim = climatology(t)
warm = 0.0
for offset in (0.2, 0.4, 1.1, 1.7, 2.6):
    a = anomalies(t + offset, clim)
    spread = np.sqrt((a * a).mean(axis=0))
    warm = max(warm, float(spread.max()))
    print(f"{offset:.1f} {a.mean():.2f} {spread.mean():.2f}")
print(f"{warm:.2f}")
