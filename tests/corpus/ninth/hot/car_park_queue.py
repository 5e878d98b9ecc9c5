import random
from dataclasses import dataclass, field


@dataclass
class Level:
    bays: int
    taken: int = 0
    log: list = field(default_factory=list)


class Entrance:
    def __init__(self, plates):
        self.lane = list(plates)
        self.turned_away = 0

    def next_car(self):
        return self.lane.pop(0)

    def back_of_line(self, plate):
        self.lane.append(plate)


def open_day(entrance, levels, rng):
    minute = 0
    while entrance.lane and minute < 60000:
        plate = entrance.next_car()
        level = levels[plate % len(levels)]
        if level.taken < level.bays:
            level.taken += 1
            level.log.append(plate)
        elif rng.random() < 0.3:
            entrance.back_of_line(plate)
        else:
            entrance.turned_away += 1
            level.taken -= 1
        minute += 1
    return minute


rng = random.Random(77)
gate = Entrance(rng.randrange(10 ** 7) for _ in range(150000))
floors = [Level(300), Level(420), Level(260)]
print("minutes", open_day(gate, floors, rng))
print("left", len(gate.lane), "away", gate.turned_away, [len(f.log) for f in floors])
