import random


def handles(n, seed):
    r = random.Random(seed)
    for i in range(n):
        yield f"  @{r.choice(('Ann', 'BOB', 'cy'))}_{i:06X} "


def canonical(raw):
    s = raw.strip().lower()
    return s[1:] if s.startswith("@") else s


def collisions(names):
    return len(names) - len(set(names))


if __name__ == "__main__":
    pile = list(handles(350_000, 3))
    for sweep in range(6):
        clean = list(map(canonical, pile))
    print(len(clean), collisions(clean))
    print(clean[0], clean[-1])
