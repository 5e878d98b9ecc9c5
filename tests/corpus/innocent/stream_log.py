import os
import tempfile


def write_log(path, blocks):
    block = "".join(f"{i % 24:02d}:00 host{i % 12} {i * 7 % 991} bytes\n" for i in range(5_000))
    with open(path, "w") as target:
        for _ in range(blocks):
            target.write(block)


def traffic(path):
    total = 0
    largest = 0
    with open(path) as source:
        for line in source:
            size = int(line.split(" ")[2])
            total += size
            if size > largest:
                largest = size
    return total, largest


handle, path = tempfile.mkstemp(suffix=".log")
os.close(handle)
write_log(path, 380)
print(*traffic(path))
os.remove(path)
