"""Order of brews with the least cleaning between them."""
from itertools import pairwise, permutations

STYLES = {
    "pils": {"colour": 4, "hops": 30, "yeast": "lager"},
    "stout": {"colour": 80, "hops": 38, "yeast": "ale"},
    "weizen": {"colour": 8, "hops": 12, "yeast": "wheat"},
    "porter": {"colour": 55, "hops": 28, "yeast": "ale"},
    "bock": {"colour": 30, "hops": 24, "yeast": "lager"},
    "ipa": {"colour": 16, "hops": 65, "yeast": "ale"},
    "saison": {"colour": 10, "hops": 26, "yeast": "farm"},
    "mild": {"colour": 40, "hops": 18, "yeast": "ale"},
    "dunkel": {"colour": 36, "hops": 22, "yeast": "lager"},
    "kriek": {"colour": 22, "hops": 9, "yeast": "wild"},
    "tripel": {"colour": 12, "hops": 32, "yeast": "farm"},
    "gose": {"colour": 7, "hops": 10, "yeast": "wild"},
}
NAMES = list(STYLES)


def clean(a, b):
    x, y = STYLES[a], STYLES[b]
    rinse = max(0, x["colour"] - y["colour"]) + abs(x["hops"] - y["hops"]) / 4
    return rinse + (35 if x["yeast"] != y["yeast"] else 0)


def plan(order):
    costs = {(a, b): clean(a, b) for a in order for b in order}
    best = min(permutations(order), key=lambda p: sum([costs[q] for q in pairwise(p)]))
    return " ".join(best), sum(costs[q] for q in pairwise(best))


weeks = [NAMES[i:] + NAMES[:i] for i in range(12)]
weeks = [sorted(w[:8], key=lambda s: (len(s) * (k + 3)) % 7) for k, w in enumerate(weeks)]
for k, (brews, cost) in enumerate(map(plan, weeks)):
    print(k, brews, cost)
