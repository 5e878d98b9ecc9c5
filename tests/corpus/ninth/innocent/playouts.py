import random

dice = random.Random(50)
opening_bonus = {}


def playout(first):
    board = [""] * 25
    side, score = "w", opening_bonus.get(first, 0)
    empty = list(range(25))
    empty.remove(first)
    board[first] = "b"
    for _ in range(20):
        sq = empty.pop(int(dice.random() * len(empty)))
        board[sq] = side
        left = board[sq - 1] if sq % 5 else ""
        if left and left != side:
            score += 1 if side == "w" else -1
        side = "b" if side == "w" else "w"
    opening_bonus[first] = score // 3
    return score


def evaluate(rounds):
    openings = [dice.randrange(25) for _ in range(rounds)]
    return [playout(sq) for sq in openings]


scores = evaluate(160000)
print("mean %.5f" % (sum(scores) / len(scores)))
print(sorted(opening_bonus.items())[:4])
