import subprocess
import sys

STAGE = """
import sys, hashlib
data = sys.stdin.buffer.read()
key = sys.argv[1].encode()
for _ in range(40000):
    key = hashlib.sha1(key + data[:64]).digest()
sys.stdout.buffer.write(bytes(b ^ key[i % 20] for i, b in enumerate(data)))
"""


def through(stages, data):
    for name in stages:
        done = subprocess.run([sys.executable, "-S", "-c", STAGE, name],
                              input=data, stdout=subprocess.PIPE, check=True)
        data = done.stdout
    return data


message = ("sensor frame 0042 " * 300).encode()
names = [f"stage-{c}" for c in "abcdefghijkl"]
out = through(names, message)
print(len(out), out[:8].hex(), sum(out))
