"""Longest quiet period per sensor in a long event file."""
import tempfile

BLOCK = [f"s{(i * 13) % 97:02d};{(i * 7) % 60};{'alarm' if i % 11 == 0 else 'ping'}\n" for i in range(5000)]


def write(f, blocks):
    for _ in range(blocks):
        f.writelines(BLOCK)
    f.seek(0)


def quiet(lines):
    last, longest = {}, {}
    for number, line in enumerate(lines):
        sensor, _, kind = line.rstrip("\n").split(";")
        if kind == "ping":
            continue
        gap = number - last.get(sensor, number)
        if gap > longest.get(sensor, -1):
            longest[sensor] = gap
        last[sensor] = number
    return longest


with tempfile.TemporaryFile("w+") as f:
    write(f, 650)
    longest = quiet(f)
top = sorted(longest.items(), key=lambda kv: (-kv[1], kv[0]))[:3]
print(len(longest), top)
