import random

rnd = random.Random(12)
athletes = [f"runner{i:03d}" for i in range(400)]
throws = [(rnd.choice(athletes), rnd.randint(1200, 6800)) for _ in range(300_000)]


def bests(results):
    best = {}
    improvements = 0
    for who, cm in results:
        if cm > best.get(who, 0):
            best[who] = cm
            improvements += 1
    return best, improvements


record, total = None, 0
for season in range(44):
    record, improved = bests(throws[season * 1000:])
    total += improved

leader = max(record, key=record.get)
print(leader, record[leader] / 100, "m;", total, "improvements")
