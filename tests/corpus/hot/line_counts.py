import os
import tempfile
from subprocess import check_output


def write_parts(folder, count):
    block = "\n".join(str(i * 7919 % 100_003) for i in range(60_000)) + "\n"
    for number in range(count):
        with open(os.path.join(folder, f"part{number}.txt"), "w") as target:
            target.write(f"{number}\n{block}")


def distinct_lines(folder):
    paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    sizes = [check_output(["sort", "-u", "-n", path]).count(b"\n") for path in paths]
    return sizes


with tempfile.TemporaryDirectory() as folder:
    write_parts(folder, 14)
    sizes = distinct_lines(folder)
print(len(sizes), sum(sizes))
