import time
from dataclasses import dataclass


@dataclass
class Probe:
    pin: int
    settle: float
    gain: float = 1.0

    def convert(self):
        deadline = time.monotonic() + self.settle
        while (left := deadline - time.monotonic()) > 0:
            time.sleep(left)
        return (self.pin * 37 % 101) * self.gain


class Board:
    def __init__(self, pins):
        self.probes = [Probe(p, 0.02 + 0.01 * (p % 4), 0.5) for p in range(pins)]

    def snapshot(self):
        frame = {}
        for probe in self.probes:
            frame[probe.pin] = probe.convert()
        return frame

    def __len__(self):
        return len(self.probes)


board = Board(26)
frame = board.snapshot()
mean = sum(frame.values()) / len(board)
print(f"{len(frame)} probes, mean {mean:.3f}, max {max(frame.values()):.1f}")
