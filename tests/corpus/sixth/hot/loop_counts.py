import os
import tempfile


def induction_log(path, blocks):
    lines = []
    for k in range(40_000):
        lines.append(f"{k % 86_400:05d};loop{k % 37:02d};{20 + k * 13 % 90};{k % 4}\n")
    block = "".join(lines)
    with open(path, "w") as out:
        for _ in range(blocks):
            out.write(block)


def vehicle_km(path):
    with open(path) as f:
        records = f.read().splitlines()
    flow, fast = 0, 0
    per_loop = {}
    for rec in records:
        _t, loop, speed, lane = rec.split(";")
        v = int(speed)
        flow += v
        fast += v > 100 and lane == "0"
        per_loop[loop] = max(v, per_loop.get(loop, 0))
    return flow, fast, per_loop


def main():
    fd, path = tempfile.mkstemp(suffix=".log")
    os.close(fd)
    try:
        induction_log(path, 50)
        flow, fast, per_loop = vehicle_km(path)
    finally:
        os.unlink(path)
    print(flow, fast, len(per_loop), max(per_loop.values()))


if __name__ == "__main__":
    main()
