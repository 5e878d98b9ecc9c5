import random


class Dungeon:
    KINDS = ["crypt", "hall", "armoury", "library", "well"]

    def __init__(self, seed):
        self.dice = random.Random(seed)

    def room(self, depth):
        kind = self.dice.choice(self.KINDS)
        loot = []
        while self.dice.random() < 0.93:
            loot.append(f"{kind[:2]}{self.dice.randrange(depth + 3)}")
        self.dice.shuffle(loot)
        return kind, "-".join(sorted(set(loot)))


d = Dungeon(404)
rooms = list(map(d.room, range(52_000)))
kinds = {}
for kind, loot in rooms:
    kinds.setdefault(kind, set()).add(loot)
print({k: len(v) for k, v in sorted(kinds.items())}, max(len(l) for _, l in rooms))
