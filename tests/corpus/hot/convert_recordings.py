import pathlib
import subprocess
import sys
import tempfile

CONVERTER = """
import sys, hashlib
source, target = sys.argv[1:3]
data = open(source, "rb").read()
digest = hashlib.pbkdf2_hmac("sha256", data, b"gain", 30000)
open(target, "w").write(digest.hex())
"""


def record(folder, count):
    for number in range(count):
        (folder / f"take{number:02d}.wav").write_bytes(bytes([number]) * 4_000)


def convert_all(folder):
    made = []
    for source in sorted(folder.glob("*.wav")):
        target = source.with_suffix(".flac")
        subprocess.run([sys.executable, "-I", "-S", "-c", CONVERTER, str(source), str(target)], check=True)
        made.append(target.read_text()[:8])
    return made


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    record(folder, 18)
    made = convert_all(folder)
print(len(made), made[0], made[-1])
