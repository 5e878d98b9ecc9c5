import time


class Lamp:
    def __init__(self):
        self.pulses = []
        self.lit = False

    def switch(self):
        self.lit = not self.lit
        self.pulses.append(self.lit)


def blink(lamp, pattern, unit):
    for length in pattern:
        lamp.switch()
        time.sleep(length * unit)
    return lamp.pulses


pattern = [1, 1, 1, 3, 3, 1, 3, 1, 1, 1, 1, 3] * 2
print(len(blink(Lamp(), pattern, unit=0.018)))
