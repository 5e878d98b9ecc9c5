import hashlib
import sys
from subprocess import PIPE, Popen

CONVERT = """
import sys, time
raw = sys.stdin.buffer.read()
time.sleep(0.09)
sys.stdout.write(f"{len(raw)} {sum(raw) % 9973}")
"""


class Converter:
    """Pipes a picture through an external program."""

    def __init__(self, *argv):
        self.argv = argv

    def __call__(self, picture):
        p = Popen(self.argv, stdin=PIPE, stdout=PIPE)
        out, _ = p.communicate(picture)
        size, check = out.split()
        return int(size), int(check)


def pictures(n):
    for i in range(n):
        seed = hashlib.md5(b"%d" % i).digest()
        yield f"img{i:02d}", seed * (200 + 10 * i)


convert = Converter(sys.executable, "-S", "-c", CONVERT)
index = {name: convert(data) for name, data in pictures(14)}
for name, (size, check) in sorted(index.items())[::4]:
    print(name, size, check)
print(sum(c for _, c in index.values()))
