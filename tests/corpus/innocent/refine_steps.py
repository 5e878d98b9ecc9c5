import subprocess
import sys

STEP = """
import sys, hashlib
text = sys.stdin.read()
print(hashlib.pbkdf2_hmac("sha256", text.encode(), b"step", 40000).hex())
"""


def refine(mesh, steps):
    for _ in range(steps):
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", STEP], input=mesh, capture_output=True, text=True, check=True
        )
        mesh = done.stdout
    return mesh


print(refine("triangle 0 0 1 0 0 1\n", steps=18)[:16])
