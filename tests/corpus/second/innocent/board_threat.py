"""Threat of the pieces on a small board that changes while we ask."""

SIDE = 8
PIECES = {}


def threat(square, radius):
    x, y = square
    score = 0
    for dx in range(-radius, radius + 1):
        for dy in range(-radius, radius + 1):
            piece = PIECES.get(((x + dx) % SIDE, (y + dy) % SIDE))
            if piece:
                score += piece / (1 + abs(dx) + abs(dy))
    return score


def settle(rounds):
    squares = [(x, y) for x in range(0, SIDE, 2) for y in range(0, SIDE, 2)]
    trail = []
    for turn in range(rounds):
        weakest = min(squares, key=lambda s: (threat(s, 4), s))
        PIECES[weakest] = PIECES.get(weakest, 0) + 1 + turn % 5
        if turn % 9 == 8:
            gone = max(PIECES, key=lambda s: (PIECES[s], s))
            del PIECES[gone]
        trail.append(weakest)
    return trail


trail = settle(2400)
print("placed", len(trail), "left", len(PIECES), "sum", sum(PIECES.values()))
print("last", trail[-4:], round(threat((3, 3), 4), 4))
