import argparse
import os
from multiprocessing import get_context


def route_code(origin, target, kind):
    head = origin[:3].upper() + target[:3].upper()
    n = sum(map(ord, origin + target)) % 97
    return f"{head}{n:02d}{'X' if kind else 'S'}"


def pairs(towns):
    for a in towns:
        for b in towns:
            if a != b:
                yield a, b, (len(a) + len(b)) % 2


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--procs", type=int, default=min(2, os.cpu_count() or 1))
    p.add_argument("--batch", type=int, default=1)
    a = p.parse_args()
    towns = [f"{x}{y}{z}" for x in ("ber", "lin", "mos", "aal") for y in ("gen", "kou", "tra") for z in ("dam", "stad", "wijk", "en", "um", "zand", "burg", "hout", "oord", "beek", "veld", "loo")]
    with get_context("fork").Pool(a.procs) as pool:
        codes = pool.starmap(route_code, list(pairs(towns)), chunksize=a.batch)
    print(len(codes), len(set(codes)), codes[0], codes[-1])


if __name__ == "__main__":
    main()
