from multiprocessing import Pool

STOCKS = {"cod": 7, "sole": 19, "hake": 5, "dab": 11}


def cohort(job):
    name, year = job
    alleles = name * (3 + year % 4)
    seen = {alleles}
    frontier = [alleles]
    while frontier and len(seen) < 14_000 * (1 + year % 3):
        word = frontier.pop()
        for i in range(len(word) - 1):
            nxt = word[:i] + word[i + 1] + word[i] + word[i + 2:]
            if nxt not in seen:
                seen.add(nxt)
                frontier.append(nxt)
    return name, year, len(seen), max(seen)


def main():
    jobs = [(n, y) for n in STOCKS for y in range(2019, 2025)]
    with Pool(2) as pool:
        done = sorted(pool.imap_unordered(cohort, jobs, chunksize=1))
    print(len(done), sum(d[2] for d in done), done[0], done[-1][:3])


if __name__ == "__main__":
    main()
