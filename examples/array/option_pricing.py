"""
Prices a European call option by drawing what the share may be worth (Monte Carlo).

The draws are made, used and forgotten block by block: nothing of their size is ever in memory.
"""

from __future__ import annotations

import argparse
import math
from statistics import NormalDist

import manycore as mc

PRICE, STRIKE, RATE, VOLATILITY, YEARS = 100.0, 105.0, 0.03, 0.2, 1.0


def black_scholes() -> float:
    """Price the option by the formula (F. Black and M. Scholes, 1973)."""
    spread = VOLATILITY * math.sqrt(YEARS)
    up = (math.log(PRICE / STRIKE) + (RATE + VOLATILITY**2 / 2) * YEARS) / spread
    chance = NormalDist().cdf
    return PRICE * chance(up) - STRIKE * math.exp(-RATE * YEARS) * chance(up - spread)


def main() -> None:
    """Draw, average, and compare with the formula."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=100_000_000)
    draws = parser.parse_args().draws

    normal = mc.random.default_rng(0).standard_normal(draws)
    drift = (RATE - VOLATILITY**2 / 2) * YEARS
    worth = PRICE * mc.array.exp(drift + VOLATILITY * math.sqrt(YEARS) * normal)
    payoff = math.exp(-RATE * YEARS) * mc.array.maximum(worth - STRIKE, 0)
    price, deviation = mc.array.compute(payoff.mean(), payoff.std())

    error = deviation / math.sqrt(draws)
    assert abs(price - black_scholes()) < 4 * error, (price, black_scholes(), error)
    print(f"{draws} draws: {price:.4f} +- {error:.4f}, by the formula {black_scholes():.4f}")


if __name__ == "__main__":
    main()
