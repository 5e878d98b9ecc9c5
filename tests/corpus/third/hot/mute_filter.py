import random

rnd = random.Random(17)
handles = [f"user_{n:05d}" for n in range(4000)]
muted = rnd.sample(handles, 900)
posts = [(rnd.choice(handles), rnd.randint(0, 400)) for _ in range(30000)]


def visible(stream, silenced):
    for author, likes in stream:
        if not any(author == name for name in silenced):
            yield author, likes


def top(stream, k):
    best = {}
    for author, likes in stream:
        best[author] = max(likes, best.get(author, 0))
    ranking = sorted(best.items(), key=lambda kv: (-kv[1], kv[0]))
    return ranking[:k], len(best)


leaders, n = top(visible(posts, muted), 3)
print(n, "authors shown")
for who, likes in leaders:
    print(f"{who:>12} {likes}")
