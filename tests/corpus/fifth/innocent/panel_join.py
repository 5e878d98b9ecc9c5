# Weekly epidemic bulletin for each district
import numpy as np
import pandas as pd

WEEKS = pd.RangeIndex(1, 201, name="week")


def cases(district):
    g = np.random.default_rng(district)
    return pd.DataFrame({"cases": g.poisson(20 + district % 9, len(WEEKS))}, index=WEEKS)


def bulletin(district):
    raw = cases(district)
    smooth = raw.rolling(4, min_periods=1).mean().add_suffix("_ma")
    growth = raw.pct_change().fillna(0).replace(np.inf, 0).add_suffix("_growth")
    table = pd.concat([raw, smooth, growth], axis=1)
    table = pd.concat([table, table.rank().add_suffix("_rank")], axis=1)
    return table.iloc[-1]["cases_ma"] + table["cases_growth"].abs().max()


alarm = {}
for district in range(420):
    alarm[district] = bulletin(district)
worst = sorted(alarm, key=alarm.get)[-3:]
print(worst, " ".join(f"{alarm[d]:.4f}" for d in worst))
