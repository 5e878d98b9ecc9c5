import time
from concurrent.futures import ThreadPoolExecutor


def probe(host):
    time.sleep(0.25 + 0.01 * (host % 5))
    return host * 31 % 17 != 0


def main():
    hosts = range(60)
    with ThreadPoolExecutor(max_workers=20) as pool:
        alive = list(pool.map(probe, hosts))
    print(len(alive), sum(alive))


if __name__ == "__main__":
    main()
