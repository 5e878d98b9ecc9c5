"""trim -> dedupe -> count, each a filter program fed by the one before."""
import random
import subprocess
import sys

STEPS = {
    "trim": "import sys\nfor l in sys.stdin: print(l.strip()[2:-2])",
    "rotate": "import sys, zlib\nfor l in sys.stdin:\n s = l.strip(); k = zlib.crc32(s.encode()) % 7; print(s[k:] + s[:k])",
    "dedupe": "import sys\nseen = set()\nfor l in sys.stdin:\n    if l not in seen: seen.add(l); print(l, end='')",
    "mask": "import sys\nfor l in sys.stdin: print(l.strip().replace('AAA', 'NNN'))",
    "sort": "import sys\nsys.stdout.writelines(sorted(sys.stdin))",
    "number": "import sys\nfor i, l in enumerate(sys.stdin): print(i, l, end='')",
}


def reads(n):
    rng = random.Random(7)
    return "".join("".join(rng.choices("ACGT", k=16)) + "\n" for _ in range(n))


def run_steps(data):
    for name, code in STEPS.items():
        done = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, text=True, check=True)
        data = done.stdout
    return data


final = run_steps(reads(35_000)).splitlines()
print(len(final), final[0], "|", final[-1])
