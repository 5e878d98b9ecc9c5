import sys

import numpy as np
import pandas as pd


def cohort(n=70_000, seed=33):
    g = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "bmi": g.normal(27, 5, n).round(1),
            "systolic": g.normal(130, 18, n).round(),
            "cigarettes": g.poisson(3, n),
        },
        index=pd.RangeIndex(1000, 1000 + n, name="patient"),
    )


def score(person):
    points = 0.04 * max(person["bmi"] - 25, 0)
    points += 0.02 * max(person["systolic"] - 120, 0)
    if person["cigarettes"] > 5:
        points += 1
    return points


def main(args):
    people = cohort()
    people["points"] = people.apply(score, axis=1)
    people["class"] = pd.cut(people["points"], [-1, 0.3, 0.9, 9], labels=list("abc"))
    for name, part in people.groupby("class", observed=True):
        print(name, len(part), round(part["points"].mean(), 4))
    return 0


sys.exit(main(sys.argv[1:]))
