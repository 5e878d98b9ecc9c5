import random
import sys


def read_corpus(n):
    rnd = random.Random(77)
    vocab = [f"w{i}" for i in range(900)]
    weights = [1 / (i + 1) for i in range(900)]
    return rnd.choices(vocab, weights, k=n)


def tally(tokens, first):
    table = {}
    for pos in range(first, len(tokens)):
        tok = tokens[pos]
        table[tok] = table.get(tok, 0) + 1
    return table


def top(table, k):
    return sorted(table.items(), key=lambda kv: (-kv[1], kv[0]))[:k]


def main():
    text = read_corpus(700_000)
    kinds = []
    table = {}
    for shift in range(14):
        table = tally(text, shift * 1000)
        kinds.append(table["w0"])
    for tok, n in top(table, 4):
        print(f"{tok:>5} {n}")
    print("first", kinds[0], kinds[-1], file=sys.stdout)


main()
