import os
import shlex
import tempfile


class Exporter:
    def __init__(self, folder):
        self.folder = folder
        self.packed = 0

    def write(self, count):
        block = "".join(f"{i};{i * i % 977};{i * 31 % 10_007}\n" for i in range(45_000))
        for number in range(count):
            with open(os.path.join(self.folder, f"export{number:02d}.csv"), "w") as target:
                target.write(f"# {number}\n" + block)

    def pack(self):
        for name in sorted(os.listdir(self.folder)):
            path = shlex.quote(os.path.join(self.folder, name))
            if os.system(f"gzip -n -9 {path}") == 0:
                self.packed += 1

    def size(self):
        return sum(entry.stat().st_size > 1_000 for entry in os.scandir(self.folder))


def main():
    with tempfile.TemporaryDirectory() as folder:
        exporter = Exporter(folder)
        exporter.write(8)
        exporter.pack()
        print(exporter.packed, exporter.size())


main()
