import random
import shlex
import subprocess
import sys

TOOL = shlex.quote(sys.executable) + " -I -S -c 'import sys,zlib; d=sys.stdin.buffer.read(); c=d; " \
    "[zlib.compress(d, 9) for _ in range(40)]; print(len(zlib.compress(d, 9)), zlib.crc32(d))'"


def picture(seed, size=260_000):
    r = random.Random(seed)
    row = bytes(r.randrange(40) for _ in range(1300))
    return b"".join(row[i % 1300:] + row[:i % 1300] for i in range(size // 1300))


class Converter:
    def __init__(self, tool):
        self.tool = tool
        self.log = []

    def convert(self, data):
        p = subprocess.Popen(self.tool, shell=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        out, _ = p.communicate(data)
        self.log.append(p.returncode)
        size, crc = out.split()
        return int(size), int(crc)


conv = Converter(TOOL)
album = [picture(s) for s in range(10)]
sizes = []
for pic in album:
    sizes.append(conv.convert(pic))
print(len(sizes), set(conv.log), sum(s for s, _ in sizes))
print(hex(max(c for _, c in sizes)))
