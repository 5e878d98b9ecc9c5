import os
import subprocess
import tempfile
import zlib
from pathlib import Path


def record(folder, takes):
    for k in range(takes):
        text = "\n".join(f"{(i * 7919 + k * 31) % 1_000_003:07d} take{k}" for i in range(70_000))
        (folder / f"take{k}.txt").write_text(text)


def tool(*argv):
    return subprocess.check_output(list(map(str, argv)), env={**os.environ, "LC_ALL": "C"})


def main():
    with tempfile.TemporaryDirectory() as tmp:
        folder = Path(tmp)
        record(folder, 6)
        sums = {}
        for path in sorted(folder.glob("*.txt")):
            data = tool("sh", "-c", f"sort -r '{path}' | sort -k2,2 -k1,1n | gzip -9 -n")
            sums[path.stem] = zlib.crc32(zlib.decompress(data, 31))
    for name, s in sums.items():
        print(name, hex(s))


main()
