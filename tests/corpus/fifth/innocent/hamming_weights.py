import random
from operator import methodcaller

weight = methodcaller("bit_count")


def parity_frame(words):
    """Even parity bit of each word of a frame."""
    return [w & 1 for w in map(weight, words)]


def stream(rng, frames, size):
    base = [rng.getrandbits(64) for _ in range(size)]
    for i in range(frames):
        base[i % size] ^= i
        yield base


odd = 0
frames = 0
for frame in stream(random.Random(5), 500, 20_000):
    bits = parity_frame(frame)
    odd += sum(bits)
    frames += 1
print(frames, odd)
