"""Intake desk of a blood laboratory: number the tubes, refuse repeats."""
from dataclasses import dataclass, field


@dataclass
class Intake:
    site: str
    _accepted: list = field(default_factory=list)
    refused: int = 0

    def is_repeat(self, code):
        return code in self._accepted

    def scan(self, code):
        if self.is_repeat(code):
            self.refused += 1
            return None
        self._accepted.append(code)
        return f"{self.site}-{len(self._accepted):05d}"


def barcodes(n):
    state = 17
    for _ in range(n):
        state = (state * 69069 + 1) % 2**32
        yield f"T{state % 30011:06X}"


def main():
    desk = Intake("NW")
    labels = [desk.scan(c) for c in barcodes(15_000)]
    printed = [x for x in labels if x]
    print("labels", len(printed), "last", printed[-1], "refused", desk.refused)


if __name__ == "__main__":
    main()
