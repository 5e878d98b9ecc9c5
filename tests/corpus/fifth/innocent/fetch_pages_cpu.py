"""Crawl an archive of stored pages."""
import io
import random
from html.parser import HTMLParser


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.found.extend(v for k, v in attrs if k == "href")


def archive(n):
    rng = random.Random(2)
    for i in range(n):
        body = "".join(f'<p>par {j}<a href="/p/{rng.randrange(n)}">x{j}</a></p>' for j in range(60))
        yield io.StringIO(f"<html><body>{body}</body></html>")


def fetch(stream):
    parser = Links()
    while chunk := stream.read(2048):
        parser.feed(chunk)
    return parser.found


inbound = {}
for page in archive(1100):
    for href in fetch(page):
        inbound[href] = inbound.get(href, 0) + 1
top = sorted(inbound.items(), key=lambda kv: (-kv[1], kv[0]))[:3]
print(len(inbound), top)
