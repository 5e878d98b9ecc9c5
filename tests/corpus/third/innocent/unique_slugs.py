import random
import re


def titles(n):
    r = random.Random(6)
    parts = ["Red", "Blue", "Cotton", "Linen", "Shirt", "Coat", "Slim", "Kids"]
    return [" ".join(r.choices(parts, k=3)) for _ in range(n)]


def slugs(names):
    used = {}
    out = []
    for name in names:
        key = name.lower()
        used[key] = used.get(key, 0) + 1
        out.append(f"{key}-{used[key]}")
        if used[key] == 999:
            used[key] = 0
    return out


stock = [re.sub("Kids", "Teen", s) for s in titles(100_000)]
for season in range(14):
    made = slugs(stock)
print(made[0], made[-1])
print(len(set(made)))
