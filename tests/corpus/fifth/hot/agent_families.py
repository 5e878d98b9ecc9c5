import random
import re
from collections import Counter

RULES = [(re.compile(p), name) for p, name in (
    (r".*(bot|crawl|spider)[/ ](\d+)", "robot"), (r".*Edg[A-Za-z]*/(\d+)", "edge"),
    (r".*OPR/(\d+)", "opera"), (r".*Firefox/(\d+)", "firefox"),
    (r".*Chrome/(\d+).*Safari", "chrome"), (r".*Version/(\d+).*Safari", "safari"))]


class Classifier:
    @staticmethod
    def family(agent):
        for rule, name in RULES:
            m = rule.match(agent)
            if m:
                system = re.search(r"\(([^)]*)\)", agent).group(1).split(";")[0].strip()
                return name, system, m.group(m.lastindex)
        return "other", "?", "0"


def agents():
    for system in ("X11; Linux x86_64", "Windows NT 10.0; Win64", "Macintosh; Intel"):
        for v in range(100, 105):
            yield f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{v}.0 Safari/537.36"
            yield f"Mozilla/5.0 ({system}; rv:{v}.0) Gecko/20100101 Firefox/{v}.0"
            yield f"Mozilla/5.0 ({system}) AppleWebKit/605.1 (KHTML) Version/{v} Safari/605.1"


log = random.Random(40).choices(list(agents()), k=190_000)
shares = Counter()
for agent in log:
    family, system, version = Classifier.family(agent)
    shares[family, system] += 1
for (family, system), n in shares.most_common(4):
    print(f"{family:9s}{system:16s}{n}")
