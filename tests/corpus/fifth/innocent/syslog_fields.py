"""Key=value fields of firewall messages, parsed by hand."""
import random


def messages(n, seed):
    rng = random.Random(seed)
    for i in range(n):
        yield (f"IN=eth{rng.randrange(3)} OUT= SRC=192.168.{rng.randrange(9)}.{rng.randrange(250)} "
               f"LEN={40 + i % 1400} PROTO={rng.choice(['TCP', 'UDP'])} DPT={rng.randrange(1024)} SYN")


def fields(line):
    rec = {}
    for part in line.split():
        key, eq, value = part.partition("=")
        if not eq:
            rec[key.lower()] = True
        elif value.isdigit():
            rec[key.lower()] = int(value)
        elif value:
            rec[key.lower()] = value
    return rec


def main():
    lines = list(messages(30_000, 1))
    length = ports = 0
    for turn in range(12):
        for line in lines:
            rec = fields(line)
            length += rec["len"]
            ports = max(ports, rec["dpt"])
    print(length, ports, sorted(rec))


main()
