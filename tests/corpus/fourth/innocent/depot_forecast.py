import pandas as pd


def simulate_stock(row):
    """Days out of stock of a depot under an (s, S) policy."""
    level, empty, state = row["upto"], 0, int(row["seed"])
    for _day in range(260_000):
        state = (state * 16807) % 2147483647
        level -= state % int(row_demand(row))
        if level <= 0:
            empty += 1
            level = 0
        if level < row_trigger(row):
            level = row["upto"]
    return empty


def row_demand(row):
    return DEMAND[row.name]


def row_trigger(row):
    return TRIGGER[row.name]


depots = pd.DataFrame({
    "city": ["Gent", "Lille", "Breda", "Essen", "Namur", "Metz"],
    "upto": [90, 70, 120, 60, 85, 95],
    "seed": [11, 12, 13, 14, 15, 16],
})
DEMAND = [31, 29, 40, 22, 35, 33]
TRIGGER = [20, 10, 30, 8, 15, 22]
depots["empty"] = depots.apply(simulate_stock, axis=1)
print(depots.to_string(index=False))
