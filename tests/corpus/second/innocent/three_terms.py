"""Per pupil: put the three term tables together and describe them."""
import numpy as np
import pandas as pd

TERMS = ("autumn", "spring", "summer")


def term_tables():
    g = np.random.default_rng(64)
    out = {}
    for t in TERMS:
        out[t] = pd.DataFrame({"pupil": np.repeat(np.arange(900), 12), "mark": g.integers(1, 7, 10_800)})
    return {t: dict(list(df.groupby("pupil"))) for t, df in out.items()}


def record(tables, pupil):
    whole = pd.concat([tables[t][pupil] for t in TERMS], ignore_index=True)
    trend = np.polyfit(np.arange(len(whole)), whole["mark"], 1)[0]
    return whole["mark"].mean(), trend


def main():
    tables = term_tables()
    rising = []
    means = []
    for pupil in range(900):
        mean, trend = record(tables, pupil)
        means.append(mean)
        if trend > 0.05:
            rising.append(pupil)
    print("mean", round(float(np.mean(means)), 4), "rising", len(rising), rising[:4])


main()
