import math

import pandas as pd

PANELS = pd.DataFrame({
    "site": ["barn", "church", "depot", "school", "weir"],
    "tilt": [30.0, 42.0, 12.0, 25.0, 35.0],
    "watts": [4200.0, 9900.0, 31000.0, 15500.0, 7300.0],
})


def yearly(row):
    store = 0.0
    used = 0.0
    tilt = math.radians(row["tilt"])
    for step in range(8760 * 40):
        hour = step / 40.0
        sun = math.sin((hour % 24 - 6) / 12 * math.pi)
        gain = row_power(sun, tilt, hour)
        store = min(store * 0.9999 + gain, 60.0)
        draw = 0.4 if store > 0.4 else store
        store -= draw
        used += draw
    return round(used * row["watts"] / 1000, 2)


def row_power(sun, tilt, hour):
    if sun <= 0:
        return 0.0
    return sun * math.cos(tilt - 0.7 + 0.4 * math.sin(hour / 1395))


PANELS["kwh"] = PANELS.apply(yearly, axis=1)
for row in PANELS.itertuples():
    print(row.site, row.kwh)
