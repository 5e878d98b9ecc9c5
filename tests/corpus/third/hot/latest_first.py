import math
from dataclasses import dataclass, field


@dataclass
class Tape:
    depth: int
    cells: list = field(default_factory=list)
    total: float = 0.0

    def push(self, value):
        self.cells.insert(0, value)
        self.total += value
        if len(self.cells) > self.depth:
            self.total -= self.cells.pop()

    @property
    def mean(self):
        return self.total / len(self.cells)


def signal(n):
    for i in range(n):
        yield round(20 + 3 * math.sin(i / 900) + (i * 7919 % 13) / 10, 1)


tape = Tape(30_000)
over = 0
for v in signal(120_000):
    tape.push(v)
    if v > tape.mean + 2:
        over += 1
print(over, f"{tape.mean:.4f}", tape.cells[0], tape.cells[-1])
