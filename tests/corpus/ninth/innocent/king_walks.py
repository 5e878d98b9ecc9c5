SIDE = 20


def neighbours(side):
    table = []
    for r in range(side):
        for c in range(side):
            near = []
            for dr in (-1, 0, 1):
                for dc in (-1, 0, 1):
                    if (dr or dc) and 0 <= r + dr < side and 0 <= c + dc < side:
                        near.append((r + dr) * side + c + dc)
            table.append(near)
    return table


def walks(moves, side):
    near = neighbours(side)
    ways = [0] * (side * side)
    ways[0] = 1
    for _ in range(moves):
        nxt = [0] * len(ways)
        for square, n in enumerate(ways):
            if n:
                for other in near[square]:
                    nxt[other] += n
        ways = nxt
    return ways


ways = walks(3000, SIDE)
print("digits", len(str(sum(w % 10**4000 for w in ways))))
print("corner mod p", ways[-1] % 1000000007)
print("all mod p", sum(ways) % 998244353)
