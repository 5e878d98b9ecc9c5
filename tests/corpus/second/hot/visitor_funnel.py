"""Rough funnel numbers from an access log."""
import argparse
import random


class Audience:
    def __init__(self):
        self.ips = []
        self.pages = {}

    def register(self, ip, page):
        fresh = False
        if ip not in self.ips:
            self.ips.append(ip)
            fresh = True
        self.pages.setdefault(page, []).append(ip)
        return fresh


def fake_log(rows, seed):
    rng = random.Random(seed)
    choice = rng.choice
    pages = ["/", "/cart", "/pay", "/help", "/about"]
    pool = ["10.%d.%d.%d" % (i % 4, i % 251, i // 17) for i in range(3800)]
    for n in range(rows):
        yield choice(pool), choice(pages), n


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--rows", type=int, default=26000)
    ap.add_argument("--seed", type=int, default=11)
    opts = ap.parse_args()

    crowd = Audience()
    curve = []
    newcomers = 0
    for ip, page, n in fake_log(opts.rows, opts.seed):
        newcomers += crowd.register(ip, page)
        if n % 5000 == 0:
            curve.append(newcomers)
    print("unique", newcomers, "curve", curve)
    for page in sorted(crowd.pages):
        print(f"{page:8s}{len(crowd.pages[page]):7d}")


if __name__ == "__main__":
    main()
