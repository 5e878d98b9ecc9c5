import numpy as np

rng = np.random.default_rng(77)
catalogue = rng.permutation(900_000)
returned = catalogue[:20_000].copy()
on_wall = catalogue[10_000:70_000]

ROOMS = ("Antiquities", "Prints", "Costume", "Clocks")


def room_of(accession):
    return ROOMS[accession % len(ROOMS)]


def missing_labels(pieces, back):
    per_room = dict.fromkeys(ROOMS, 0)
    for piece in pieces.tolist():
        if piece in back:
            continue
        per_room[room_of(piece)] += 1
    return per_room


result = missing_labels(on_wall, returned)
for room, n in result.items():
    print(f"{room:12s} {n:6d}")
print("total", sum(result.values()))
