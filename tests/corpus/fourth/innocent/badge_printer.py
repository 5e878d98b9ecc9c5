import io
import zlib

import numpy as np
import pandas as pd


class LabelPrinter:
    """Speaks the line protocol of an old badge printer."""

    def __init__(self, port):
        self.port = port
        self.crc = 0
        self.serial = 0

    def put(self, name, team, seat):
        self.serial += 1
        frame = f"^{self.serial:06d}|{name:<12}|{team[:3].upper()}|{seat:>4}".encode()
        self.crc = zlib.crc32(frame, self.crc)
        self.port.write(frame + b"#%08x\n" % self.crc)


rng = np.random.default_rng(3)
n = 420_000
guests = pd.DataFrame({
    "name": np.char.add("guest", rng.integers(0, 99999, n).astype(str)),
    "team": rng.choice(["north", "south", "press"], n),
    "seat": rng.integers(1, 2000, n),
})
port = io.BytesIO()
printer = LabelPrinter(port)
for g in guests.itertuples(index=False):
    printer.put(g.name, g.team, g.seat)
print(printer.serial, hex(printer.crc), port.tell())
