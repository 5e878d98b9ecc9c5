import io
import random


def render_log(lines):
    rng = random.Random(1)
    verbs = ("GET", "POST", "HEAD")
    codes = ("200", "200", "200", "304", "404", "500", "301")
    page = []
    for _ in range(4000):
        page.append(f"{rng.choice(verbs)} /item/{rng.randrange(900)} {rng.choice(codes)}")
    return "\n".join(page), lines // 4000


def paths(text, copies):
    return text.split()[1::3] * copies


def popular(text, copies, keep):
    seen_paths = paths(text, copies)
    board = {}
    for p in seen_paths:
        if p not in board:
            board[p] = 0
        board[p] += 1
    order = sorted(board, key=lambda p: (-board[p], p))
    return [(p, board[p]) for p in order[:keep]], len(board)


class Report:
    def __init__(self, out):
        self.out = out

    def add(self, label, value):
        self.out.write(f"{label}: {value}\n")


buf = io.StringIO()
report = Report(buf)
text, copies = render_log(9_600_000)
top, distinct = popular(text, copies, 5)
report.add("distinct", distinct)
for p, n in top:
    report.add(p, n)
print(buf.getvalue(), end="")
