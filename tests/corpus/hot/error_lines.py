import os
import tempfile


def write_log(path, blocks):
    lines = []
    for i in range(4_000):
        level = "ERROR" if i % 37 == 0 else "INFO"
        lines.append(f"2024-03-{1 + i % 28:02d} 12:{i % 60:02d}:00 {level} worker-{i % 8} took {i * 7 % 991} ms\n")
    block = "".join(lines)
    with open(path, "w") as target:
        for _ in range(blocks):
            target.write(block)


def slow_errors(path):
    with open(path) as source:
        lines = source.readlines()
    total = 0
    errors = 0
    for line in lines:
        if " ERROR " in line:
            errors += 1
            total += int(line.split()[-2])
    return errors, total


handle, path = tempfile.mkstemp(suffix=".log")
os.close(handle)
write_log(path, 400)
print(*slow_errors(path))
os.remove(path)
