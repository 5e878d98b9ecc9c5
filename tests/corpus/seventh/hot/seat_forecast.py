import random
from statistics import mean, quantiles

PARTIES = {"Blue": 0.36, "Red": 0.33, "Green": 0.17, "Teal": 0.14}


def dhondt(votes, seats):
    won = dict.fromkeys(votes, 0)
    for _ in range(seats):
        top = max(votes, key=lambda p: votes[p] / (won[p] + 1))
        won[top] += 1
    return won


def election_night(seed, districts=260):
    rnd = random.Random(seed)
    swing = {p: rnd.gauss(0, 0.02) for p in PARTIES}
    total = dict.fromkeys(PARTIES, 0)
    for _ in range(districts):
        votes = {p: max(0.001, PARTIES[p] + swing[p] + rnd.gauss(0, 0.06)) for p in PARTIES}
        for p, s in dhondt(votes, 8).items():
            total[p] += s
    return total


nights = [election_night(seed) for seed in range(1000, 1300)]

for party in PARTIES:
    seats = [n[party] for n in nights]
    q = quantiles(seats, n=20)
    print(f"{party:6s} {mean(seats):8.2f} [{q[0]:.0f}, {q[-1]:.0f}]")
