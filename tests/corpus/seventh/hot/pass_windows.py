import math


def elevation(minute, incl, phase):
    a = math.sin(2 * math.pi * minute / 97.3 + phase)
    b = math.cos(2 * math.pi * minute / 1436.0)
    return 90.0 * a * b * math.sin(incl)


def visible(days, incl, phase, mask=7.0):
    passes = ()
    for minute in range(days * 1440):
        el = elevation(minute, incl, phase)
        if el > mask:
            passes += ((minute, round(el, 1)),)
    return passes


if __name__ == "__main__":
    for sat, incl, phase in (("NOAA-19", 1.72, 0.1), ("AQUA", 1.71, 2.2)):
        found = visible(22, incl, phase)
        high = max(found, key=lambda p: p[1])
        print(sat, len(found), found[0], found[-1], high)
