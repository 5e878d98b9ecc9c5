from random import Random


def synthetic_genes(count, seed):
    rng = Random(seed)
    return [f"ENSG{rng.randrange(10**9):011d}" for _ in range(count)]


def gc_like_score(name):
    return sum(ord(ch) for ch in name[-4:])


def filter_panel(panel, blacklist):
    def keep():
        return [gene for gene in panel if gene not in blacklist]

    kept = keep()
    return kept, sum(map(gc_like_score, kept))


def main():
    panel = synthetic_genes(14_000, seed=3)
    blacklist = panel[::9] + synthetic_genes(3_000, seed=4)
    kept, score = filter_panel(panel, blacklist)
    print(len(kept), score)


main()
