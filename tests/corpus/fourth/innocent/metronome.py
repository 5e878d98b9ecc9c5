import time
from dataclasses import dataclass


@dataclass
class Beat:
    bar: int
    number: int
    accent: bool


class Metronome:
    def __init__(self, bpm, per_bar):
        self.period = 60.0 / bpm
        self.per_bar = per_bar

    def beats(self, n):
        due = time.perf_counter()
        for k in range(n):
            pause = due - time.perf_counter()
            if pause > 0:
                time.sleep(pause)
            yield Beat(k // self.per_bar, k % self.per_bar, k % self.per_bar == 0)
            due += self.period


played = []
for beat in Metronome(bpm=1800, per_bar=4).beats(40):
    played.append("X" if beat.accent else ".")
print("".join(played), len(played))
