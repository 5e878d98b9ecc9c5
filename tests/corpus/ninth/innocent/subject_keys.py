import random


def tokens(subject):
    return subject.split()


def subjects(n):
    rng = random.Random(13)
    words = ["re:", "fwd:", "crane", "quay", "tender", "minutes", "storm", "rota"]
    tails = [" ".join(rng.choices(words, k=9)) for _ in range(400)]
    return [f"{k} {tails[k % 400]}" for k in range(n)]


def main():
    inbox = subjects(900000)
    longest, replies = 0, 0
    for parts in map(tokens, inbox):
        if parts[1] == "re:":
            replies += 1
        if len(parts[0]) > longest:
            longest = len(parts[0])
    print(len(inbox), longest, replies)


main()
