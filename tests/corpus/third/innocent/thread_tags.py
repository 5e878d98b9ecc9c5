import random
import re
from concurrent.futures import ThreadPoolExecutor

TAG = re.compile(r"#(\w+)")


def tags(post):
    return TAG.findall(post)


def posts(n, seed):
    r = random.Random(seed)
    names = ["sun", "sea", "trip", "food", "art"]
    return [f"see #{r.choice(names)} and #{r.choice(names)} {i}" for i in range(n)]


def main():
    stream = posts(30_000, 4)
    seen = {}
    with ThreadPoolExecutor(max_workers=2) as ex:
        for found in ex.map(tags, stream):
            for t in found:
                seen[t] = seen.get(t, 0) + len(t)
    print(sorted(seen.items()))


if __name__ == "__main__":
    main()
