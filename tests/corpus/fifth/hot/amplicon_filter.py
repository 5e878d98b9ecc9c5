"""Drop sequencing reads whose barcode was flagged by the wet lab."""
import random
from dataclasses import dataclass, field


@dataclass
class Screen:
    rejected: list = field(default_factory=list)
    dropped: int = 0

    @classmethod
    def from_text(cls, text):
        out = cls()
        for line in text.splitlines():
            code, _, reason = line.partition("\t")
            if reason != "manual-ok":
                out.rejected.append(code)
        return out

    def passes(self, barcode):
        if barcode in self.rejected:
            self.dropped += 1
            return False
        return True


def barcodes(rng, n):
    return ["".join(rng.choices("ACGT", k=10)) for _ in range(n)]


def sheet(rng):
    rows = []
    for code in barcodes(rng, 4000):
        reason = rng.choice(["hopping", "low-q", "manual-ok", "hopping"])
        rows.append(f"{code}\t{reason}")
    return "\n".join(rows)


def main():
    rng = random.Random(11)
    screen = Screen.from_text(sheet(rng))
    reads = [(code, rng.randrange(20, 41)) for code in barcodes(rng, 32000)]
    quality = 0
    kept = 0
    for code, q in reads:
        if q < 22:
            continue
        if screen.passes(code):
            kept += 1
            quality += q
    print("kept", kept, "dropped", screen.dropped, "mean q", round(quality / kept, 3))


if __name__ == "__main__":
    main()
