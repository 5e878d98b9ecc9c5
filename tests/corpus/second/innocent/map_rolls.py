import random
from collections import defaultdict

DICE = random.Random(1989)


def travel(route):
    """One journey, with the table's dice."""
    day = 0
    mood = "fair"
    notes = []
    for leg in route:
        left = len(leg) * 9
        while left > 0:
            roll = DICE.randint(1, 6)
            mood = {1: "storm", 2: "rain", 6: "sun"}.get(roll, mood)
            left -= {"storm": 1, "rain": 2, "fair": 3, "sun": 4}[mood]
            day += 1
        notes.append(f"{leg}@{day}")
    return day, notes


routes = [["Bree", "Weathertop", "Rivendell"], ["Edoras", "Isengard"], ["Minas Tirith", "Osgiliath", "Pelargir", "Umbar"]]
journeys = list(map(travel, routes * 3300))
by_route = defaultdict(list)
for i, (days, notes) in enumerate(journeys):
    by_route[i % 3].append(days)
for i, days in sorted(by_route.items()):
    print(routes[i][-1], min(days), max(days), round(sum(days) / len(days), 3))
print(journeys[-1][1])
