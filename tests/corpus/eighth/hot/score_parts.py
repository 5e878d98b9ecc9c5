import subprocess
import sys
from pathlib import PurePosixPath

PARTS = ["flute", "oboe", "clarinet", "bassoon", "horn", "trumpet", "trombone",
         "tuba", "timpani", "harp", "violin", "viola", "cello", "bass"]

ENGRAVER = """
import sys, time
part, bars = sys.argv[1], int(sys.argv[2])
x = len(part)
for bar in range(bars):
    x = (x * 1103515245 + 12345 + bar) % 2147483648
time.sleep(0.07)
print(part, x % 977)
"""


def engrave(part, bars):
    out = subprocess.run(
        [sys.executable, "-S", "-c", ENGRAVER, part, str(bars)],
        check=True, capture_output=True, text=True,
    )
    name, pages = out.stdout.split()
    return PurePosixPath("score") / f"{name}.pdf", int(pages)


total = 0
for desk, part in enumerate(PARTS):
    target, pages = engrave(part, 30_000 + 5_000 * desk)
    total += pages
    print(f"{target} {pages}")
print("pages", total)
