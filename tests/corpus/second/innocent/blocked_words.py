"""Count posts per user that contain no blocked word."""
import random


def load_blocked():
    rng = random.Random(10)
    return frozenset("".join(rng.choices("abcdefgh", k=4)) for _ in range(900))


def posts(n):
    rng = random.Random(3)
    bank = [" ".join("".join(rng.choices("abcdefghij", k=4)) for _ in range(30)) for _ in range(500)]
    return [(i % 60, bank[i * 13 % 500]) for i in range(n)]


def clean_posts(stream, blocked_list):
    last_clean = {}
    runs = 0
    for user, text in stream:
        ok = True
        for word in text.split():
            if word in blocked_list:
                ok = False
        if ok:
            runs += last_clean.get(user, False)
        last_clean[user] = ok
    return runs, last_clean


runs, last = clean_posts(posts(300_000), load_blocked())
print("consecutive clean posts", runs)
print("users ending clean", sum(last.values()))
