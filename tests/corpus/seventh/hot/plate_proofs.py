import subprocess
import sys

PROOF = """
import sys, hashlib, time
plate, dpi = sys.argv[1], int(sys.argv[2])
ink = plate.encode()
time.sleep(0.08)
for _ in range(dpi * 60):
    ink = hashlib.sha256(ink).digest()
print(ink.hex()[:10], dpi * len(plate))
"""


class Press:
    def __init__(self, dpi):
        self.dpi = dpi

    def command(self, plate):
        return [sys.executable, "-S", "-c", PROOF, plate, str(self.dpi)]

    def pull(self, plate):
        out = subprocess.check_output(self.command(plate), text=True)
        mark, dots = out.split()
        return mark, int(dots)


def main():
    press = Press(1200)
    plates = [f"{page}-{ink}" for page in ("recto", "verso", "cover") for ink in "CMYK"]
    sheet = {p: press.pull(p) for p in plates}
    for plate in plates[:3]:
        print(plate, *sheet[plate])
    print(len(sheet), sum(d for _, d in sheet.values()))


main()
