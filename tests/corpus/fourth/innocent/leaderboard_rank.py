import bisect


def scores(n):
    s = 12345
    for i in range(n):
        s = (s * 1103515245 + 12345) % 2**31
        yield s * 100_000 // 2**31 * 1_000_000 + i


def ranks(stream):
    board = []
    total = 0
    for s in stream:
        at = bisect.bisect_left(board, s)
        board.insert(at, s)
        total += len(board) - at
    return total, board


total, board = ranks(scores(150_000))
print("mean rank", total // len(board), "median score", board[len(board) // 2] // 1_000_000)
