"""Pack an endless ostinato as delta-timed note events."""
import random
import zlib


def varlen(n):
    if n < 128:
        return bytes((n,))
    return bytes((128 | n >> 7, n & 127))


class Track:
    def __init__(self, channel):
        self.head = bytes((0x90 | channel,))
        self.data = bytearray()

    def note(self, delta, key, force):
        self.data += varlen(delta)
        self.data += self.head
        self.data += bytes((key, force))


rng = random.Random(1928)
score = [(rng.randrange(300), rng.randrange(40, 90), rng.randrange(1, 127)) for _ in range(5000)]
track = Track(3)
for _ in range(220):
    for delta, key, force in score:
        track.note(delta, key, force)
print(len(track.data), zlib.crc32(track.data))
