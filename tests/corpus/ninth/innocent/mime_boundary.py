import io
import random


def spool(parts):
    rng = random.Random(7)
    chunk = bytes(rng.choice(b"abcdefghij \n") for _ in range(4096))
    out = io.BytesIO()
    for k in range(parts):
        out.write(chunk[: 900 + k % 700])
        out.write(b"\n--=_harbour_%04d\n" % (k % 50))
    out.seek(0)
    return out


def count_marks(stream, mark, size=9):
    marks = 0
    window = b""
    pos = 0
    last = -1
    while piece := stream.read(size):
        window = (window + piece)[-96:]
        pos += len(piece)
        at = window.rfind(mark)
        if at >= 0:
            where = pos - len(window) + at
            if where != last:
                marks += 1
                last = where
    return marks, last


print(*count_marks(spool(14000), b"\n--=_harbour_"))
