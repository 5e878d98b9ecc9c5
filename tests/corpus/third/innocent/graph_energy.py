import random


class Person:
    __slots__ = ("name", "opinion", "ties", "mood")

    def __init__(self, name, opinion):
        self.name, self.opinion, self.ties, self.mood = name, opinion, {}, "calm"


def society(n, k, seed):
    r = random.Random(seed)
    people = {f"p{i}": Person(f"p{i}", r.uniform(-1, 1)) for i in range(n)}
    names = list(people)
    for p in people.values():
        for other in r.sample(names, k):
            p.ties[other] = r.random()
    return people


def settle(people, rounds):
    for _ in range(rounds):
        for person in people.values():
            acc = weight = 0.0
            for name, w in person.ties.items():
                other = people[name]
                if other.mood != "angry" or w > 0.5:
                    acc += w * other.opinion
                    weight += w
            person.opinion += 0.3 * (acc / (weight or 1) - person.opinion)
            person.mood = "angry" if abs(person.opinion) > 0.25 else "calm"


crowd = society(3000, 14, 66)
settle(crowd, 240)
vals = [p.opinion for p in crowd.values()]
print(f"{sum(vals) / len(vals):.6f} {max(vals):.6f}", sum(p.mood == "angry" for p in crowd.values()))
