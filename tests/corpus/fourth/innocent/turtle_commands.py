import math

PROGRAM = [
    "repeat {0} fd 10 rt {1}",
    "fd {1} lt 45 fd 2",
    "bk 5 rt {0} fd 1 pu",
    "pd fd {0}",
]


class Turtle:
    def __init__(self):
        self.x = self.y = 0.0
        self.heading = 0.0
        self.pen = True
        self.ink = 0.0

    def step(self, d):
        self.x += d * math.cos(self.heading)
        self.y += d * math.sin(self.heading)
        if self.pen:
            self.ink += abs(d)

    def obey(self, line):
        words = line.split()
        while words:
            verb = words.pop(0)
            if verb == "repeat":
                words.pop(0)
            elif verb in ("pu", "pd"):
                self.pen = verb == "pd"
            else:
                arg = float(words.pop(0))
                if verb in ("fd", "bk"):
                    self.step(arg if verb == "fd" else -arg)
                else:
                    self.heading += math.radians(arg if verb == "lt" else -arg)


t = Turtle()
for n in range(150_000):
    for line in PROGRAM:
        t.obey(line.format(n, n % 360))
print(f"{t.x:.4f} {t.y:.4f} ink {t.ink:.0f}")
