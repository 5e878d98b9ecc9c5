import numpy as np

N = 6_000_000


def stations(seed):
    gen = np.random.default_rng(seed)
    east = 412_000.0 + 9_000.0 * gen.random(N)
    north = 5_612_000.0 + 9_000.0 * gen.random(N)
    return east, north


def shift(east, north, turn, de, dn):
    c, s = np.cos(turn), np.sin(turn)
    e2 = c * east - s * north + de
    n2 = s * east + c * north + dn
    return np.sqrt((e2 - east) ** 2 + (n2 - north) ** 2)


east, north = stations(30)
for year, turn in ((1998, 1.2e-9), (2008, 2.5e-9), (2018, 3.1e-9), (2024, 3.6e-9)):
    moved = shift(east, north, turn, 0.0143, -0.0088)
    print(year, "mean %.5f m" % moved.mean(), "max %.5f m" % moved.max())
