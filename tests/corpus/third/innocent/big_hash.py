import sys


def fingerprint(data, modulus, base):
    h = 0
    for b in data:
        h = (h * base + b + 1) % modulus
    return h


def spin(state, rounds):
    mask = (1 << 127) - 1
    for i in range(rounds):
        state = (state * 6364136223846793005 + i) & mask
        state ^= state >> 61
    return state


text = ("the quick brown fox jumps over the lazy dog " * 9000).encode()
P = (1 << 521) - 1
out = []
for base in (257, 65599, 1_000_003, 2**200 + 235):
    out.append(fingerprint(text, P, base))
print([hex(v)[-12:] for v in out])
print(hex(spin(12345, 50_000))[-10:], len(text), sys.byteorder)
