"""Pack a coarse elevation model into one binary blob."""
import struct
import zlib
from math import cos, sin

HEADER = struct.Struct(">4sHH")


def height(lat, lon):
    return int(400 + 300 * sin(lat / 9.0) + 200 * cos(lon / 13.0))


def encode_cells(rows, cols):
    blob = HEADER.pack(b"ELEV", rows, cols)
    column = [200 * cos(c / 13.0) for c in range(cols)]
    for r in range(rows):
        base = 700 + 300 * sin(r / 9.0)
        for c in range(cols):
            blob = blob + int(base + column[c]).to_bytes(2, "big")
    return blob


def describe(blob):
    magic, rows, cols = HEADER.unpack_from(blob)
    first = struct.unpack_from(">4H", blob, HEADER.size)
    return f"{magic.decode()} {rows}x{cols} crc={zlib.crc32(blob):08x} first={first}"


def main():
    blob = encode_cells(330, 340)
    print(describe(blob))
    print(height(3, 4), len(blob))


main()
