import random


def library(n, seed):
    gen = random.Random(seed)
    bits = ["C", "c1ccccc1", "[NH3+]", "Cl", "(=O)", "[C@@H]", "Br", "N", "%12", "[13C]"]
    return ["".join(gen.choices(bits, k=14)) for _ in range(n)]


def tokens(smiles):
    out, tok, inside = [], "", False
    for ch in smiles:
        if inside:
            tok += ch
            inside = ch != "]"
            continue
        if tok and not (ch.islower() and tok in ("C", "B") and ch in "lr"):
            out.append(tok)
            tok = ""
        tok += ch
        inside = ch == "["
    if tok:
        out.append(tok)
    return out


def main():
    seen = {}
    total = 0
    for smiles in library(50_000, 17):
        parts = tokens(smiles)
        total += len(parts)
        seen.update((p, len(p)) for p in parts[:2])
    print(total, sorted(seen)[:6])


main()
