"""Market impact simulation: quotes move with each trade."""
import random


class Book:
    depth = [100.0 + 0.05 * i for i in range(60)]
    tick = 0


def quote(side, lots):
    """Average price for a market order."""
    Book.tick += 1
    shift = 1 + 0.0001 * ((Book.tick * 7) % 13 - 6)
    spent = 0.0
    for level, price in enumerate(Book.depth[:lots]):
        spent += price * shift if side == "buy" else price / shift
    return spent / lots


def session(n, seed):
    rng = random.Random(seed)
    cash = 0.0
    for _ in range(n):
        side = rng.choice(("buy", "sell"))
        lots = rng.choice((10, 20, 40))
        price = quote(side, lots)
        cash += price if side == "sell" else -price
        if Book.tick % 1000 == 0:
            Book.depth[:] = [p + rng.uniform(-0.1, 0.1) for p in Book.depth]
    return cash


print(f"{session(220_000, 1):.4f} {Book.tick} {Book.depth[0]:.4f}")
