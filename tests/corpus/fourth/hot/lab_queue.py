import random


class Analyser:
    def __init__(self, samples):
        self.waiting = list(samples)
        self.repeats = 0

    def next_sample(self):
        return self.waiting.pop(0)

    def run(self):
        order = 0
        clock = 0
        while self.waiting:
            sid, minutes = self.next_sample()
            clock += minutes
            if clock % 97 == 0:
                self.repeats += 1
                self.waiting.append((sid, minutes + 1))
            order = (order * 131 + sid) % 1_000_000_007
        return clock, order


rnd = random.Random(3)
lab = Analyser((i, rnd.randint(2, 9)) for i in range(95_000))
clock, order = lab.run()
print("minutes", clock, "repeats", lab.repeats, "order", order)
