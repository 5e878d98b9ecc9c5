"""Noise floor of a long radio recording."""
import tempfile

import numpy as np

BLOCK = 4 << 20


def fake_recording(f, blocks):
    rng = np.random.default_rng(2)
    data = rng.normal(0, 0.2, BLOCK // 8)
    for k in range(blocks):
        f.write(data.tobytes())
    f.flush()


def blocks(path):
    with open(path, "rb") as f:
        while chunk := f.read(BLOCK):
            yield np.frombuffer(chunk)


def floor(path):
    lo, total, n = np.inf, 0.0, 0
    edges = np.linspace(-120, 20, 141)
    counts = np.zeros(140, dtype=np.int64)
    for x in blocks(path):
        power = 10 * np.log10(x * x + 1e-12)
        lo = min(lo, float(power.min()))
        total += float(power.sum())
        counts += np.histogram(power, edges)[0]
        n += x.size
    return lo, total / n, int(edges[counts.argmax()])


with tempfile.NamedTemporaryFile(suffix=".iq") as tmp:
    fake_recording(tmp, 44)
    lo, mean, mode = floor(tmp.name)
print(round(lo, 3), round(mean, 4), mode)
