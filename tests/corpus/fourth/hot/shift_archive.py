import hashlib
import lzma
import random


def report(shift):
    rnd = random.Random(shift)
    lines = [
        f"{shift:03d};{m:04d};turbine{rnd.randint(1, 9)};{rnd.gauss(50, 0.02):.3f};{rnd.choice(['ok', 'ok', 'trip'])}"
        for m in range(900)
    ]
    return "\n".join(lines).encode()


def pack(data):
    return lzma.compress(data, preset=9 | lzma.PRESET_EXTREME)


class Archive:
    def __init__(self):
        self.entries = {}

    def add_all(self, reports):
        packed = map(pack, reports)
        for i, blob in enumerate(packed):
            self.entries[i] = blob


arch = Archive()
arch.add_all([report(s) for s in range(30)])
total = sum(map(len, arch.entries.values()))
print(len(arch.entries), total, hashlib.md5(b"".join(arch.entries.values())).hexdigest()[:10])
