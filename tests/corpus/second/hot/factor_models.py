"""Leading risk factors per market, markets in parallel."""
from concurrent.futures import ProcessPoolExecutor

import numpy as np

MARKETS = ["de", "fr", "it", "es", "nl", "be", "at", "pt"]


def covariance(market, assets=180):
    g = np.random.default_rng([ord(c) for c in market])
    r = g.standard_normal((600, assets)) + g.standard_normal((600, 1))
    return np.cov(r, rowvar=False)


def factors(market):
    values, vectors = np.linalg.eigh(covariance(market))
    spread = vectors.T @ np.diag(values) @ vectors
    return market, float(values[-1] / values.sum()), float(np.trace(spread))


def main():
    with ProcessPoolExecutor(max_workers=4) as workers:
        rows = list(workers.map(factors, MARKETS))
    for market, share, trace in rows:
        print(f"{market} first factor {share:.4f} trace {trace:.3f}")


if __name__ == "__main__":
    main()
