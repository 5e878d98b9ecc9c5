import numpy
from pandas import DataFrame


def patients(count, seed):
    rng = numpy.random.default_rng(seed)
    return DataFrame(
        {
            "weight": rng.normal(74, 12, count),
            "height": rng.normal(1.72, 0.09, count),
            "age": rng.integers(18, 90, count),
        }
    )


def summary(frame):
    return frame.groupby(frame["age"] // 10)["bmi"].mean().round(4).iloc[2]


def main():
    frame = patients(110_000, seed=1)
    frame["bmi"] = frame.apply(lambda row: row["weight"] / row["height"] ** 2, axis=1)
    print(len(frame), summary(frame))


if __name__ == "__main__":
    main()
