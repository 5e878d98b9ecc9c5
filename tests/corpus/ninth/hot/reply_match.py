import difflib
import random

WORDS = ("agenda budget harbour crane notice draft copy repair invoice tender quay storm "
         "meeting vote clerk letter reply forward enclosed regards dear").split()


def body(rng, n):
    return " ".join(rng.choice(WORDS) for _ in range(n))


def garble(rng, text):
    parts = text.split()
    for _ in range(len(parts) // 8):
        parts[rng.randrange(len(parts))] = rng.choice(WORDS)
    return " ".join(parts)


def quoted_share(pair):
    original, answer = pair
    m = difflib.SequenceMatcher(None, original, answer, autojunk=False)
    return round(sum(b.size for b in m.get_matching_blocks() if b.size > 4) / len(answer), 4)


def main():
    rng = random.Random(19)
    threads = []
    for _ in range(48):
        text = body(rng, 170)
        threads.append((text, garble(rng, text)))
    shares = list(map(quoted_share, threads))
    print("threads", len(shares))
    print("min %.4f max %.4f" % (min(shares), max(shares)))
    print("mean %.4f" % (sum(shares) / len(shares)))


if __name__ == "__main__":
    main()
