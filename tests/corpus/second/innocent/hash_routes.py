import zlib
from concurrent.futures import ProcessPoolExecutor


def bucket(path):
    h = zlib.adler32(path.encode())
    for k in range(40):
        h = (h * 31 + k) ^ (h >> 7)
        h &= 0xFFFFFFFF
    return h % 64


def paths(n):
    return [f"/shop/{i % 97}/item/{i * 7 % 9973}?ref={i}" for i in range(n)]


def main():
    load = [0] * 64
    with ProcessPoolExecutor(max_workers=2) as ex:
        for b in ex.map(bucket, paths(240_000), chunksize=4000):
            load[b] += 1
    print("lightest", min(load), "heaviest", max(load), "at", load.index(max(load)))


if __name__ == "__main__":
    main()
