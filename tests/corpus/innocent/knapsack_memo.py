from functools import lru_cache

WEIGHTS = tuple(3 + (i * 37) % 53 for i in range(260))
VALUES = tuple(5 + (i * 71) % 89 for i in range(260))


@lru_cache(maxsize=None)
def best(index, room):
    if index == len(WEIGHTS):
        return 0
    value = best(index + 1, room)
    if WEIGHTS[index] <= room:
        value = max(value, VALUES[index] + best(index + 1, room - WEIGHTS[index]))
    return value


print(best(0, 3_000), best.cache_info().currsize > 1000)
