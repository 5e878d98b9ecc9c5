"""Graphs as matrices, lists of edges, and compressed rows."""

import heapq

import numpy as np


def pagerank(links, damping, rounds):
    n = links.shape[0]
    out = links.sum(axis=1)
    rank = np.ones(n) / n
    for _ in range(rounds):
        new = np.full(n, (1 - damping) / n)
        for i in range(n):
            if out[i] == 0:
                new += damping * rank[i] / n
            else:
                for j in range(n):
                    if links[i, j]:
                        new[j] += damping * rank[i] / out[i]
        if np.abs(new - rank).sum() < 1e-12:
            break
        rank = new
    return rank


def breadth_first(indptr, indices, source):
    n = len(indptr) - 1
    level = np.full(n, -1, dtype=np.int64)
    queue = np.empty(n, dtype=np.int64)
    head, tail = 0, 1
    queue[0] = source
    level[source] = 0
    while head < tail:
        node = queue[head]
        head += 1
        for k in range(indptr[node], indptr[node + 1]):
            neighbour = indices[k]
            if level[neighbour] < 0:
                level[neighbour] = level[node] + 1
                queue[tail] = neighbour
                tail += 1
    return level


def breadth_first_of_lists(indptr, indices, source):
    seen = np.zeros(indptr.size - 1, dtype=np.bool_)
    seen[source] = True
    frontier = [source]
    order = []
    while len(frontier) > 0:
        following = []
        for node in frontier:
            order.append(node)
            for neighbour in indices[indptr[node] : indptr[node + 1]]:
                if not seen[neighbour]:
                    seen[neighbour] = True
                    following.append(neighbour)
        frontier = following
    return len(order), np.array(order)


def dijkstra(weights, source):
    n = weights.shape[0]
    distance = np.full(n, np.inf)
    done = np.zeros(n, dtype=bool)
    distance[source] = 0
    for _ in range(n):
        best = -1
        for i in range(n):
            if not done[i] and (best == -1 or distance[i] < distance[best]):
                best = i
        if distance[best] == np.inf:
            break
        done[best] = True
        for j in range(n):
            if weights[best, j] > 0 and distance[best] + weights[best, j] < distance[j]:
                distance[j] = distance[best] + weights[best, j]
    return distance


def root(parent, i):
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


def connected_components(n, edges):
    parent = np.arange(n)
    for a, b in edges:
        ra, rb = root(parent, a), root(parent, b)
        if ra != rb:
            parent[max(ra, rb)] = min(ra, rb)
    labels = np.empty(n, dtype=np.int64)
    for i in range(n):
        labels[i] = root(parent, i)
    return labels


def minimum_spanning_tree(weights):
    n = weights.shape[0]
    chosen = np.zeros(n, np.bool_)
    near = weights[0].copy()
    chosen[0] = True
    total = 0.0
    for _ in range(n - 1):
        masked = np.where(chosen, np.inf, near)
        j = masked.argmin()
        total += masked[j]
        chosen[j] = True
        near = np.minimum(near, weights[j])
    return total


def bellman_ford(n, heads, tails, costs, source):
    distance = np.ones(n) * np.inf
    distance[source] = 0.0
    for _ in range(n - 1):
        changed = False
        for h, t, c in zip(heads, tails, costs):
            if distance[h] + c < distance[t]:
                distance[t] = distance[h] + c
                changed = True
        if not changed:
            break
    return distance


def triangles(adjacency):
    n = len(adjacency)
    count = 0
    for i in range(n):
        for j in range(i):
            for k in range(j):
                if adjacency[i, j] and adjacency[j, k] and adjacency[i, k]:
                    count += 1
    return count


def topological_order(adjacency):
    n = adjacency.shape[0]
    degree = adjacency.sum(axis=0)
    order = np.empty(n, dtype=np.int64)
    stack = [i for i in range(n) if degree[i] == 0]
    place = 0
    while stack:
        node = stack.pop()
        order[place] = node
        place += 1
        for j in range(n):
            if adjacency[node, j]:
                degree[j] -= 1
                if degree[j] == 0:
                    stack.append(j)
    return order


def flood_fill(image, row, col, colour):
    old = image[row, col]
    stack = [(row, col)]
    while len(stack) > 0:
        r, c = stack.pop()
        if 0 <= r < image.shape[0] and 0 <= c < image.shape[1] and image[r, c] == old:
            image[r, c] = colour
            stack.append((r + 1, c))
            stack.append((r - 1, c))
            stack.append((r, c + 1))
            stack.append((r, c - 1))


def dijkstra_heap(indptr, indices, w, s):
    n = len(indptr) - 1
    dist = np.full(n, np.inf)
    dist[s] = 0.0
    heap = [(0.0, s)]
    while len(heap) > 0:
        d, u = heapq.heappop(heap)
        if d > dist[u]:
            continue
        for k in range(indptr[u], indptr[u + 1]):
            v = indices[k]
            nd = d + w[k]
            if nd < dist[v]:
                dist[v] = nd
                heapq.heappush(heap, (nd, v))
    return dist


def kruskal(n, u, v, w):
    order = np.argsort(w)
    parent = np.arange(n)

    def root(x):
        while parent[x] != x:
            x = parent[x]
        return x

    total = 0.0
    for e in order:
        a = root(u[e])
        b = root(v[e])
        if a != b:
            parent[a] = b
            total += w[e]
    return total


def coo_to_csr(row, col, val, n):
    indptr = np.zeros(n + 1, dtype=row.dtype)
    for r in row:
        indptr[r + 1] += 1
    indptr = np.cumsum(indptr)
    pos = indptr[:-1].copy()
    ind = np.empty_like(col)
    dat = np.empty_like(val)
    for r, c, v in zip(row, col, val):
        p = pos[r]
        ind[p], dat[p] = c, v
        pos[r] += 1
    return indptr, ind, dat


def place_queens(n, row, cols, d1, d2):
    if row == n:
        return 1
    count = 0
    avail = ((1 << n) - 1) & ~(cols | d1 | d2)
    while avail:
        bit = avail & -avail
        avail ^= bit
        count += place_queens(n, row + 1, cols | bit, (d1 | bit) << 1, (d2 | bit) >> 1)
    return count


def queens_of_bits(n):
    def dummy():
        return 0

    return place_queens(n, 0, 0, 0, 0)


def sudoku(board):
    for i in range(9):
        for j in range(9):
            if board[i, j] == 0:
                for v in range(1, 10):
                    if not (
                        np.any(board[i] == v)
                        or np.any(board[:, j] == v)
                        or np.any(
                            board[i // 3 * 3 : i // 3 * 3 + 3, j // 3 * 3 : j // 3 * 3 + 3] == v
                        )
                    ):
                        board[i, j] = v
                        if sudoku(board):
                            return True
                        board[i, j] = 0
                return False
    return True


def tsp_2opt(d, tour):
    n = len(tour)
    improved = True
    while improved:
        improved = False
        for i in range(1, n - 2):
            for j in range(i + 1, n - 1):
                a, b, c, e = tour[i - 1], tour[i], tour[j], tour[j + 1]
                if d[a, c] + d[b, e] < d[a, b] + d[c, e] - 1e-12:
                    tour[i : j + 1] = tour[i : j + 1][::-1]
                    improved = True
    return tour, sum([d[tour[i], tour[i + 1]] for i in range(n - 1)])


def heldkarp(d):
    n = d.shape[0]
    full = 1 << n
    dp = np.full((full, n), np.inf)
    dp[1, 0] = 0
    for mask in range(1, full):
        for u in range(n):
            if mask >> u & 1 and dp[mask, u] < np.inf:
                for v in range(n):
                    if not (mask >> v) & 1:
                        m2 = mask | (1 << v)
                        dp[m2, v] = min(dp[m2, v], dp[mask, u] + d[u, v])
    return min([dp[full - 1, u] + d[u, 0] for u in range(1, n)])
