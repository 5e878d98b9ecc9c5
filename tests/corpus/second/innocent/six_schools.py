import hashlib

import pandas as pd

schools = pd.DataFrame({
    "name": ["Oak", "Elm", "Ash", "Yew", "Fir", "Lime"],
    "pupils": [420, 310, 505, 120, 260, 388],
    "tables": [30, 25, 40, 12, 20, 28],
})


def seating(row):
    """Greedy shuffle by name hash until nobody sits with a namesake."""
    tables = [[] for _ in range(row["tables"])]
    clashes = 0
    for attempt in range(60):
        for t in tables:
            t.clear()
        clashes = 0
        for pupil in range(row["pupils"]):
            tag = hashlib.md5(f"{row['name']}{attempt}{pupil}".encode()).hexdigest()
            table = tables[int(tag[:6], 16) % len(tables)]
            clashes += sum(other[0] == tag[-1] for other in table)
            table.append(tag[-1] + tag[3])
    return clashes


def main():
    schools["clashes"] = schools.apply(seating, axis=1)
    print(schools.to_string(index=False))
    print("worst", schools.loc[schools["clashes"].idxmax(), "name"])


main()
