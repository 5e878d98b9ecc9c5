import concurrent.futures as cf
import os

import numpy as np

WORKERS = os.cpu_count() or 2


def pass_matrix(season, players=240):
    rng = np.random.default_rng(900 + season)
    m = rng.poisson(3, (players, players)).astype(float)
    return (m + m.T) / 2


def centrality(season):
    m = pass_matrix(season)
    values, vectors = np.linalg.eigh(m)
    u, s, vt = np.linalg.svd(m - values.mean() * np.eye(len(m)))
    lead = np.abs(vectors[:, -1])
    return season, int(lead.argmax()), float(s[0])


def main():
    with cf.ProcessPoolExecutor(WORKERS) as ex:
        rows = list(ex.map(centrality, range(9)))
    print(rows[0][:2], rows[-1][:2], round(sum(s for *_, s in rows), 2))


if __name__ == "__main__":
    main()
