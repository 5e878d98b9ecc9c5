def children(node, limit):
    first = node * 2 + 1
    return [child for child in (first, first + 1) if child < limit]


def weigh(limit):
    stack = [0]
    total = 0
    deepest = 0
    while stack:
        node = stack.pop()
        total += node % 10
        stack.extend(children(node, limit))
        deepest = max(deepest, len(stack))
    return total, deepest


print(*weigh(700_000))
