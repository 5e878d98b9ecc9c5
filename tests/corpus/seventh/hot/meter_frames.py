import struct
import zlib


class Recorder:
    MAGIC = b"\x68\x10"

    def __init__(self):
        self.data = b""
        self.frames = 0

    def add(self, meter, watts):
        body = struct.pack("<IHf", meter, self.frames & 0xFFFF, watts)
        frame = self.MAGIC + bytes([len(body)]) + body * 4 + b"\x16"
        self.data = self.data + frame
        self.frames += 1


def load_curve(step):
    return 410.0 + (step * 37 % 101) * 2.5 - (step % 7)


rec = Recorder()
for step in range(16_000):
    rec.add(7000 + step % 12, load_curve(step))

print(rec.frames, len(rec.data), hex(zlib.crc32(rec.data)))
print(rec.data[:3].hex(), rec.data[-4:].hex())
