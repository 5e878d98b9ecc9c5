import lzma

import numpy as np


def onset(trace, level):
    for i in range(len(trace)):
        if trace[i] > level:
            return i
    return -1


def electrode(k):
    rng = np.random.default_rng(k)
    return (rng.normal(0, 20, 60_000) + 25).astype(np.int16)


packed = 0
onsets = []
for k in range(40):
    v = electrode(k)
    onsets.append(onset(v, 30))
    packed += len(lzma.compress(v.tobytes(), preset=2))
print(onsets, packed)
