"""Damage rolls for a party of twelve, vectorised over the party."""
import numpy as np

BASE = np.array([12, 14, 9, 11, 16, 10, 13, 8, 15, 12, 10, 11], dtype=float)
ARMOUR = np.array([3, 5, 2, 4, 7, 1, 4, 0, 6, 2, 3, 2], dtype=float)


class Party:
    def __init__(self):
        self.health = np.full(12, 4000.0)
        self.names = [f"hero{i}" for i in range(12)]
        self.events = []

    def hit(self, force, turn):
        soak = ARMOUR / (ARMOUR + 10.0)
        blow = np.maximum(force * (1.0 - soak) - 0.05 * BASE, 0.0)
        self.health = np.where(self.health > blow, self.health - blow * 0.01, 4000.0)
        if turn % 30_000 == 0:
            self.events.append(f"{self.names[turn % 12]}:{self.health.min():.2f}")


party = Party()
for turn in range(120_000):
    party.hit(6.0 + turn % 11, turn)
print(party.events)
print(party.health.round(3).tolist()[:4])
