import hashlib
import zlib


class Folder:
    def __init__(self, name):
        self.name = name
        self.raw = b""
        self.count = 0

    def feed(self, line):
        if line.startswith(b"From "):
            self.count += 1
            line = b">" + line
        self.raw = self.raw + line

    def digest(self):
        return hashlib.sha1(self.raw).hexdigest()[:12]


def archive(lines):
    for i in range(lines):
        if i % 40 == 0:
            yield b"From clerk%d@example.org Mon\n" % (i % 97)
        else:
            yield b"%06d the minutes of the harbour committee, as agreed in the hall last week\n" % i


def main():
    box = Folder("harbour")
    for line in archive(14000):
        box.feed(line)
    print(box.name, box.count, len(box.raw))
    print(box.digest(), zlib.crc32(box.raw))


main()
