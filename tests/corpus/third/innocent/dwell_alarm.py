import random


def stream(n, stations, seed):
    r = random.Random(seed)
    return [(r.randrange(stations), r.random() < 0.7) for _ in range(n)]


def alarms(samples, limit):
    streak = {}
    raised = []
    for tick, (station, bad) in enumerate(samples):
        if bad:
            streak[station] = streak.get(station, 0) + 1
            if streak[station] == limit:
                raised.append((tick, station))
        else:
            streak[station] = 0
    return raised


samples = stream(500_000, 25, 14)
for lim in range(6, 30):
    found = alarms(samples, lim)
    if lim % 4 == 2:
        print(lim, len(found))
