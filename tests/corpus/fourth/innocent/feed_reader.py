"""Reads the club's match feeds (already in memory) and totals the goals."""
import io
import xml.etree.ElementTree as ET


def make_feed(club, matches):
    out = io.StringIO()
    out.write(f"<club id='{club}'>")
    for m in range(matches):
        out.write(f"<match day='{m}'><goals home='{m * club % 5}' away='{m % 3}'/><crowd>{m * 77 % 9000}</crowd></match>")
    out.write("</club>")
    return out.getvalue().encode()


def fetch(source):
    with source as f:
        data = f.read()
    goals = crowd = 0
    root = ET.fromstring(data.decode())
    for match in root.iter("match"):
        g = match.find("goals")
        goals += int(g.get("home")) + int(g.get("away"))
        crowd += int(match.findtext("crowd"))
    return goals, crowd


sources = [io.BytesIO(make_feed(c, 2_600)) for c in range(1, 76)]
totals = []
for s in sources:
    totals.append(fetch(s))
print(len(totals), sum(g for g, _ in totals), max(c for _, c in totals))
