import os
import tempfile


def write_log(path, megabytes):
    block = "".join(
        f"10.0.{i % 256}.{i % 199} GET /item/{i * 7919 % 5000:05d} {200 if i % 9 else 503} {i * 31 % 1800} ms padding-{'x' * 40}\n"
        for i in range(10_000))
    with open(path, "w") as f:
        while f.tell() < megabytes * 1_000_000:
            f.write(block)


def scan(path):
    slow = errors = worst = 0
    with open(path) as f:
        for line in f.read().splitlines():
            parts = line.split(" ", 5)
            ms = int(parts[4])
            if parts[3] == "503":
                errors += 1
            if ms > 1500:
                slow += 1
            if ms > worst:
                worst = ms
    return slow, errors, worst


with tempfile.TemporaryDirectory() as folder:
    log = os.path.join(folder, "access.log")
    write_log(log, 160)
    print(os.path.getsize(log) // 1_000_000, "MB", *scan(log))
