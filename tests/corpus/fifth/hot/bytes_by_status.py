"""Bytes sent per HTTP status of a rotated log."""
import tempfile

LINES = [f'10.0.{i % 7}.{i % 251} "GET /asset/{i:05d}/large-image-name.webp" {200 + (i % 9 == 0) * 104} {i * 37 % 9001}\n'
         for i in range(2000)]


def rotate(f, times):
    block = "".join(LINES)
    for _ in range(times):
        f.write(block)
    f.flush()


def usage(path):
    with open(path, encoding="ascii") as f:
        rows = f.read().splitlines()
    sent = {}
    for row in rows:
        head, status, size = row.rsplit(" ", 2)
        sent[status] = sent.get(status, 0) + int(size)
    return len(rows), sent


with tempfile.NamedTemporaryFile("w", encoding="ascii") as f:
    rotate(f, 700)
    n, sent = usage(f.name)
print(n, "requests")
for status in sorted(sent):
    print(status, sent[status])
