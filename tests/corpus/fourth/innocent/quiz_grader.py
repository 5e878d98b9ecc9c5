import re
from multiprocessing import Pool

KEY = [re.compile(p) for p in (r"\bh2o\b", r"photo\w+", r"18\d\d", r"(?:in)?valid", r"ox(?:y|i)\w*", r"n\w+on")]


def points(answer):
    text = answer.lower()
    return sum(len(k.findall(text)) for k in KEY)


def answers(n):
    stems = ["H2O is valid", "Photosynthesis since 18%02d", "the oxide of neon", "no idea", "oxygen and photon"]
    for i in range(n):
        s = stems[i % 5] + " and " + stems[i * 3 % 5] + f" no {i}"
        yield s % tuple([i % 100] * s.count("%"))


def main():
    sheet = list(answers(160_000))
    with Pool(2) as pool:
        marks = pool.map(points, sheet)
    print(len(marks), sum(marks), max(marks))


if __name__ == "__main__":
    main()
