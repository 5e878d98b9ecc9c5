import math


def flips(theta1, theta2, dt=0.01, limit=900):
    w1 = w2 = 0.0
    for n in range(limit):
        d = theta1 - theta2
        s, c = math.sin(d), math.cos(d)
        den = 2.0 - c * c
        a1 = (-w2 * w2 * s - 2 * 9.8 * math.sin(theta1) + 9.8 * math.sin(theta2) * c - w1 * w1 * s * c) / den
        a2 = (2 * w1 * w1 * s + 2 * 9.8 * math.sin(theta1) * c - 2 * 9.8 * math.sin(theta2) + w2 * w2 * s * c) / den
        w1 += a1 * dt
        w2 += a2 * dt
        theta1 += w1 * dt
        theta2 += w2 * dt
        if theta2 > math.pi or theta2 < -math.pi:
            return n
    return limit


def row(j, size):
    b = -3.0 + 6.0 * j / (size - 1)
    return [flips(-3.0 + 6.0 * i / (size - 1), b) for i in range(size)]


SIZE = 48
grid = [row(j, SIZE) for j in range(SIZE)]
for line in grid[::8]:
    print("".join(" .:-=+*#%@"[min(9, v // 90)] for v in line))
print(sum(map(sum, grid)))
