"""Build a capture file body out of framed packets."""
import struct
import zlib


class Writer:
    def __init__(self):
        self.body = b""
        self.frames = 0

    def frame(self, kind, payload):
        head = struct.pack("!BHI", kind, len(payload), self.frames)
        self.body += head + payload
        self.frames += 1

    def digest(self):
        return zlib.crc32(self.body)


def payloads(n):
    for i in range(n):
        yield i % 5, (b"%d|" % i) * (1 + i % 9)


writer = Writer()
for kind, payload in payloads(20_000):
    writer.frame(kind, payload)

print("frames", writer.frames)
print("bytes", len(writer.body))
print("crc", f"{writer.digest():08x}")
