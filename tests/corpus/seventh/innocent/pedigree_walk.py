import random


def pedigree(n, seed=7):
    rnd = random.Random(seed)
    kids = {f"I{i}": [] for i in range(n)}
    names = list(kids)
    for i in range(1, n):
        kids[names[rnd.randrange(max(0, i - 400), i)]].append(names[i])
    return kids


def descend(kids, root, carriers):
    agenda = [root]
    order = 0
    depth = 0
    while agenda:
        person = agenda.pop()
        order = (order * 31 + len(person)) % 1_000_003
        if person in carriers:
            depth += 1
        agenda.extend(kids[person])
        if len(agenda) > 900:
            agenda.append(agenda.pop())
    return order, depth


if __name__ == "__main__":
    kids = pedigree(40_000)
    names = sorted(kids)
    step = 3
    for _ in range(40):
        order, depth = descend(kids, "I0", set(names[step::step]))
        step = 3 + order % 44
    print(len(kids), order, depth)
