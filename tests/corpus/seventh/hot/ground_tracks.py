import numpy as np

EPOCH = 7.3e8
OMEGA_EARTH = 7.2921159e-5


def subpoint_lat(t, motion, incl):
    arg = motion * t
    return np.arcsin(np.sin(incl) * np.sin(arg))


def offset(t, motion, incl, node):
    arg = motion * t
    lon = np.arctan2(np.cos(incl) * np.sin(arg), np.cos(arg)) + node - OMEGA_EARTH * t
    lon = (lon + np.pi) % (2 * np.pi) - np.pi
    lat = np.arcsin(np.sin(incl) * np.sin(arg))
    return np.sqrt((lat - 0.82) ** 2 + (0.68 * (lon - 0.15)) ** 2)


def main():
    t = EPOCH + 0.5 * np.arange(5_000_000)
    d = offset(t, 2 * np.pi / 5926.38, 1.7127, 0.44)
    close = d < 0.02
    print(int(close.sum()), float(d.min()).__format__(".9f"))
    print(f"{d.mean():.9f}", int(t[close][0]))


main()
