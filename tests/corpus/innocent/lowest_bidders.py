import bisect


def bids(count):
    value = 99
    for _ in range(count):
        value = (value * 16_807) % 2_147_483_647
        yield value


def auction(stream, capacity):
    book = []
    accepted = 0
    for bid in stream:
        bisect.insort(book, bid)
        if len(book) > capacity:
            accepted ^= book.pop(0)
    return accepted, book[0]


print(*auction(bids(1_000_000), capacity=60))
