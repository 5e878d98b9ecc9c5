import random


def chant(length, seed):
    rnd = random.Random(seed)
    return "".join(rnd.choices("do re mi fa sol la si".split(), k=length))


def candidates(n, seed):
    rnd = random.Random(seed)
    notes = "do re mi fa sol la si".split()
    for _ in range(n):
        yield "".join(rnd.choices(notes, k=rnd.randint(6, 9)))


score = chant(230_000, 1)
present, absent = [], 0
for motif in candidates(3_000, 2):
    if motif in score:
        present.append(motif)
    else:
        absent += 1

print("present", len(present), "absent", absent)
print("longest present", max(present, key=lambda m: (len(m), m)))
