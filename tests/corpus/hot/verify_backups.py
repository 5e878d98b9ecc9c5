import gzip
import hashlib
import os
import shutil
import tempfile


def write_backups(folder, count):
    for number in range(count):
        if number % 20 == 0:
            line = f"{number:05d};ok;{number * 7919 % 10_007}\n".encode()
            blob = gzip.compress(line * 40_000, compresslevel=1)
        with open(os.path.join(folder, f"part-{number:04d}.gz"), "wb") as target:
            target.write(blob)


def fingerprint(path):
    with open(path, "rb") as source:
        text = gzip.decompress(source.read())
    return hashlib.sha256(text).hexdigest()


folder = tempfile.mkdtemp()
write_backups(folder, 500)
seen = {}
for name in sorted(os.listdir(folder)):
    path = os.path.join(folder, name)
    seen[name] = fingerprint(path)
shutil.rmtree(folder)
print(len(seen), seen["part-0007.gz"][:12])
