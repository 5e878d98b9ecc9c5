"""Sizes of the directory subtrees in a synthetic file system."""
import random


class Node:
    __slots__ = ("size", "children")

    def __init__(self, size):
        self.size = size
        self.children = []


def forest(n, seed):
    rng = random.Random(seed)
    nodes = [Node(rng.randrange(1, 5000)) for _ in range(n)]
    for i in range(1, n):
        nodes[rng.randrange(max(0, i - 500), i)].children.append(nodes[i])
    return nodes[0]


def usage(root):
    todo = [root]
    total = count = 0
    while todo:
        node = todo.pop()
        total += node.size
        count += 1
        todo.extend(node.children)
    return total, count


root = forest(120_000, 3)
total = 0
for snapshot in range(25):
    root.size += snapshot
    total, count = usage(root)
print(count, total)
