import argparse
import subprocess
import sys

CHECK = """
import sys, hashlib
build = int(sys.argv[1])
d = b'level'
for _ in range(90_000):
    d = hashlib.md5(d).digest()
sys.exit(1 if build >= 3141 else 0)
"""


def is_bad(build):
    return subprocess.call([sys.executable, "-S", "-c", CHECK, str(build)]) != 0


def first_bad(good, bad):
    tried = []
    while bad - good > 1:
        middle = (good + bad) // 2
        tried.append(middle)
        if is_bad(middle):
            bad = middle
        else:
            good = middle
    return bad, tried


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--good", type=int, default=0)
    ap.add_argument("--bad", type=int, default=4096)
    a = ap.parse_args()
    build, tried = first_bad(a.good, a.bad)
    print("first bad build", build, "after", len(tried), "checks", tried[:3])


main()
