import math

STEP = 0.35


def height(x, y):
    return math.sin(x * 0.21) + math.cos(y * 0.17)


def downhill(x, y):
    return 0.21 * math.cos(x * 0.21), -0.17 * math.sin(y * 0.17)


def trace(x, y, steps):
    track = ()
    for k in range(steps):
        gx, gy = downhill(x, y)
        norm = math.hypot(gx, gy) or 1.0
        x += STEP * -gy / norm + 0.001 * k / steps
        y += STEP * gx / norm
        track += ((round(x, 3), round(y, 3)),)
    return track


def length(track):
    return sum(math.dist(a, b) for a, b in zip(track, track[1:]))


isoline = trace(4.0, 7.5, 32000)
print("vertices", len(isoline))
print("length %.2f" % length(isoline))
print("end height %.3f" % height(*isoline[-1]))
