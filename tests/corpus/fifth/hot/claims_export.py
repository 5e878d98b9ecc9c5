"""Paid amounts by line of business, from a CSV export."""
import argparse
import pathlib
import tempfile

import pandas as pd


def export(path, repeats):
    rows = [f"{100000 + i},{('motor', 'home', 'health', 'travel')[i % 4]},{i % 12 + 1},{(i * 7919) % 90000 / 100:.2f},remark {i % 50}\n"
            for i in range(4000)]
    block = "".join(rows)
    with open(path, "w") as f:
        f.write("policy,line,month,paid,remark\n")
        for _ in range(repeats):
            f.write(block)


def totals(path):
    claims = pd.read_csv(path)
    big = claims[claims["paid"] > 10]
    return big.groupby("line")["paid"].agg(["sum", "count"])


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--repeats", type=int, default=450)
    args = p.parse_args()
    with tempfile.TemporaryDirectory() as d:
        path = pathlib.Path(d) / "claims.csv"
        export(path, args.repeats)
        print(totals(path).round(2).to_string())


main()
