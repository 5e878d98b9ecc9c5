from concurrent.futures import ProcessPoolExecutor


def isbn_problem(isbn):
    text = isbn.replace("-", "")
    if len(text) != 13 or not text.isdigit():
        return "form"
    weighted = sum(int(c) * (1, 3)[k & 1] for k, c in enumerate(text))
    return "" if weighted % 10 == 0 else "digit"


def catalogue(n):
    out = []
    for k in range(n):
        body = f"978-{k * 7919 % 1_000_000_000:09d}"
        out.append(f"{body}-{k % 10}" if k % 97 else body)
    return out


def main():
    isbns = catalogue(420_000)
    tally = {"": 0, "form": 0, "digit": 0}
    with ProcessPoolExecutor(max_workers=2) as crew:
        for problem in crew.map(isbn_problem, isbns, chunksize=5000):
            tally[problem] += 1
    print(tally)


if __name__ == "__main__":
    main()
