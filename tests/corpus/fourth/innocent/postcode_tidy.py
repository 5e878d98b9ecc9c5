def tidy(code):
    return code.strip().upper()


def raw_codes(n):
    letters = "abcdefghjklmnprstvwxz"
    for i in range(n):
        yield f" {1000 + i % 8999}{letters[i % 21]}{letters[i * 7 % 19]}\t"


def check(codes):
    return sum(c[4:] in {"SA", "SD", "SS"} for c in codes)


rounds = 0
bad = 0
for district in range(9):
    lines = list(raw_codes(40_000)) * 8
    tidied = [tidy(x) for x in lines]
    bad += check(tidied[:: 40])
    rounds += len(tidied)
print(rounds, bad, tidied[5])
