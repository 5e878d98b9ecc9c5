import csv
import io
import random


class Response:
    def __init__(self, payload):
        self._raw = io.BytesIO(payload)
        self.status = 200

    def read(self):
        return self._raw.read()


def fetch(url):
    r = random.Random(url)
    row = ",".join(str(r.randint(0, 999)) for _ in range(12))
    return Response(("\n".join([row] * 9000)).encode())


def parse(response):
    text = io.TextIOWrapper(io.BytesIO(response.read()), newline="")
    total = 0
    for row in csv.reader(text):
        total += max(map(int, row)) - min(map(int, row))
    return total


urls = [f"http://archive.example/day/{d}.csv" for d in range(16)]
totals = []
for url in urls:
    reply = fetch(url)
    if reply.status == 200:
        totals.append(parse(reply))
print(len(totals), sum(totals), max(totals))
