import difflib
import random
import statistics


def essays(n, words, seed):
    r = random.Random(seed)
    vocab = ["term%02d" % i for i in range(90)]
    source = r.choices(vocab, k=words)
    for k in range(n):
        text = list(source)
        for _ in range(20 + 9 * k):
            text[r.randrange(len(text))] = r.choice(vocab)
        yield k, text


def copied(submission, reference):
    m = difflib.SequenceMatcher(None, submission, reference, autojunk=False)
    blocks = [b for b in m.get_matching_blocks() if b.size >= 4]
    return sum(b.size for b in blocks) / len(submission)


def main():
    batch = list(essays(26, 2000, 11))
    reference = next(text for _, text in essays(1, 2000, 11))
    scores = {k: copied(text, reference) for k, text in batch}
    ordered = sorted(scores, key=scores.get)
    print([f"{scores[k]:.3f}" for k in ordered[:3]], ordered[-3:])
    print(f"{statistics.mean(scores.values()):.4f}")


if __name__ == "__main__":
    main()
