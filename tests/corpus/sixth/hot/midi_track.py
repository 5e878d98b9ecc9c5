import struct
import zlib


class Track:
    def __init__(self, channel):
        self.channel = channel
        self.body = b""
        self.clock = 0

    def note(self, when, pitch, velocity):
        delta = when - self.clock
        self.clock = when
        event = struct.pack(">HBBB", delta, 0x90 | self.channel, pitch, velocity)
        self.body = self.body + event

    def chunk(self):
        return b"MTrk" + struct.pack(">I", len(self.body)) + self.body


def melody(bars):
    scale = (60, 62, 64, 65, 67, 69, 71, 72)
    t = 0
    for bar in range(bars):
        for beat in range(8):
            t += 60 + (bar * 7 + beat * 3) % 5
            yield t, scale[(bar * bar + beat * 5) % 8], 40 + (bar + beat) % 80


def main():
    lead = Track(2)
    for when, pitch, vel in melody(6000):
        lead.note(when, pitch, vel)
        if vel > 110:
            lead.note(when, pitch + 7, 30)
    data = lead.chunk()
    print(len(data), format(zlib.crc32(data), "08x"))


if __name__ == "__main__":
    main()
