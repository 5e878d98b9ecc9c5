import subprocess
import sys

CHECK = """
import sys, hashlib
number = int(sys.argv[1])
hashlib.pbkdf2_hmac("sha256", b"build", bytes(8), 70000)
sys.exit(0 if number < 4231 else 1)
"""


def passes(release):
    done = subprocess.run([sys.executable, "-I", "-S", "-c", CHECK, str(release)], check=False)
    return done.returncode == 0


def first_bad(low, high):
    while high - low > 1:
        middle = (low + high) // 2
        if passes(middle):
            low = middle
        else:
            high = middle
    return high


print(first_bad(0, 32_768))
