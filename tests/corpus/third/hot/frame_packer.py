import struct
import zlib
import random


def crc(parts):
    return zlib.crc32(parts) & 0xFFFFFFFF


def encode(samples):
    blob = struct.pack("<4sH", b"TLM1", 1)
    for seq, (chan, val) in enumerate(samples):
        blob += struct.pack("<IHd", seq, chan, val)
    return blob + struct.pack("<I", crc(blob))


def samples(n):
    r = random.Random(70)
    return [(r.randrange(16), r.uniform(-5, 5)) for _ in range(n)]


def decode_count(blob):
    return (len(blob) - 10) // struct.calcsize("<IHd")


def main():
    packet = encode(samples(30_000))
    print(decode_count(packet), len(packet))
    print(hex(crc(packet)))


if __name__ == "__main__":
    main()
