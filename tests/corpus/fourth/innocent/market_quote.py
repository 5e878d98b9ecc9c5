"""Quotes a price against an order book which each fill eats into."""
import heapq

BOOK = {"wheat": [], "maize": [], "rape": []}


def refill(crop, k):
    for j in range(3):
        heapq.heappush(BOOK[crop], (200 + (k * 13 + j * 29) % 71, 1 + (k + j) % 4))


def quote(crop, tons):
    cost = 0
    book = BOOK[crop]
    while tons:
        price, have = heapq.heappop(book)
        take = min(tons, have)
        cost += take * price
        tons -= take
        if have > take:
            heapq.heappush(book, (price, have - take))
    return cost


paid = {}
for step in range(80_000):
    for crop in BOOK:
        refill(crop, step)
        paid[crop] = paid.get(crop, 0) + quote(crop, 5)
print(paid, sum(len(b) for b in BOOK.values()))
