import multiprocessing
import os


def determinant(seed):
    import numpy as np

    rng = np.random.default_rng(seed)
    sign, log = np.linalg.slogdet(rng.standard_normal((450, 450)))
    return float(sign), float(log)


def main():
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        results = pool.map(determinant, range(48), chunksize=6)
    print(len(results), round(sum(log for _, log in results), 6))


if __name__ == "__main__":
    main()
