import numpy as np


def packets(n, size):
    base = np.arange(size, dtype=np.int64)
    for k in range(n):
        yield (base * (k % 17 + 3) + k * k) % 4001 - 2000


class Drum:
    def __init__(self, width):
        self.window = np.zeros(width, dtype=np.int64)

    def turn(self, packet):
        self.window = np.concatenate((self.window[packet.size:], packet))
        return int(self.window[::997].max()) - int(self.window[-1])


def main():
    drum = Drum(400_000)
    span, loud = 0, 0
    for packet in packets(3000, 700):
        swing = drum.turn(packet)
        span = max(span, swing)
        if swing > 3500:
            loud += 1
    print(span, loud, int(drum.window.sum()))


main()
