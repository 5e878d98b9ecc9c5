import numpy as np

MU = 255.0


def recording(seconds, rate=48_000):
    t = np.arange(rate, dtype=np.int64)
    return np.tile(((t * 7919 % 20011) - 10005) * 3, seconds)


class Codec:
    def __init__(self, mu=MU):
        self.k = np.log1p(mu)
        self.mu = mu

    def encode(self, pcm):
        x = pcm / 32768.0
        y = np.sign(x) * np.log1p(self.mu * np.abs(x)) / self.k
        return np.rint((y + 1.0) * 127.5)

    def decode(self, code):
        y = code / 127.5 - 1.0
        return np.sign(y) * ((1.0 + self.mu) ** np.abs(y) - 1.0) / self.mu * 32768.0


codec = Codec()
pcm = recording(170)
code = codec.encode(pcm)
back = codec.decode(code)
err = np.abs(back[::64] - pcm[::64])
print("codes", int(code[::64].min()), int(code[::64].max()), "max error", int(err.max()), "mean", round(float(err.mean()), 2))
