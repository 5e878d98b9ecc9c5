import random
import re

LINE = re.compile(r"^(\S+) - - \[(\d+)\] \"GET (\S+)\"")


def fake_log(n):
    r = random.Random(3)
    for i in range(n):
        ip = f"10.{r.randrange(4)}.{r.randrange(60)}.{r.randrange(40)}"
        yield f'{ip} - - [{i}] "GET /p/{r.randrange(50)}"'


def note(roster, who):
    known = who in roster
    if not known:
        roster.append(who)
    return not known


order = []
newcomers_by_bucket = {}
for n, raw in enumerate(fake_log(26000)):
    m = LINE.match(raw)
    if m is None:
        continue
    ip, stamp, page = m.groups()
    if note(order, ip):
        b = int(stamp) // 5000
        newcomers_by_bucket[b] = newcomers_by_bucket.get(b, 0) + 1

print(len(order), "visitors; first three:", ", ".join(order[:3]))
for b in sorted(newcomers_by_bucket):
    print(b, newcomers_by_bucket[b])
