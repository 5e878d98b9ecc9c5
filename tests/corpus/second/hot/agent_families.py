import random
import re
from collections import Counter

RULES = [(re.compile(p), name) for p, name in [
    (r"(?i)(bot|crawl|spider)[/ ]?([\d.]*)", "robot"),
    (r"Edg(?:e|A|iOS)?/([\d.]+)", "edge"),
    (r"OPR/([\d.]+)|Opera.+Version/([\d.]+)", "opera"),
    (r"Firefox/([\d.]+)(?=.*Gecko|$)", "firefox"),
    (r"Chrome/([\d.]+) (?:Mobile )?Safari", "chrome"),
    (r"Version/([\d.]+).*Safari", "safari"),
]]


def classify(agent):
    for rule, name in RULES:
        hit = rule.search(agent)
        if hit:
            numbers = [g for g in hit.groups() if g and g[0].isdigit()]
            major = numbers[0].split(".")[0] if numbers else "?"
            platform = re.search(r"\(([^;)]+)", agent)
            return name, major, platform.group(1) if platform else "-"
    return "other", "?", "-"


def agents():
    rng = random.Random(4)
    known = []
    for v in range(70, 130, 2):
        known.append(f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{v}.0.1 Safari/537.36")
        known.append(f"Mozilla/5.0 (Windows NT 10.0; rv:{v}.0) Gecko/20100101 Firefox/{v}.0")
        known.append(f"Mozilla/5.0 (Macintosh; Intel) AppleWebKit/605 Version/{v // 8}.1 Safari/605.1")
    return rng.choices(known, k=160_000)


def main():
    families = Counter()
    platforms = set()
    for agent in agents():
        name, major, platform = classify(agent)
        families[name] += 1
        platforms.add(platform)
    print(families.most_common())
    print(sorted(platforms))


main()
