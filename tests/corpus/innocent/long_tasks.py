import hashlib
from multiprocessing import Pool


def derive(rounds):
    return hashlib.pbkdf2_hmac("sha256", b"archive", b"key", rounds).hex()


def main():
    rounds = [40_000 * (1 + k * 5 % 7) for k in range(14)]
    with Pool(2) as pool:
        keys = pool.map(derive, rounds, chunksize=1)
    print(len(keys), keys[-1][:12])


if __name__ == "__main__":
    main()
