import subprocess
import sys

JOB = "import hashlib\nprint(hashlib.pbkdf2_hmac('sha256', b'mesh', b'seed', 1200000).hex())"


def run_mesher(job):
    finished = subprocess.run(
        [sys.executable, "-I", "-S", "-c", job], capture_output=True, text=True, check=True
    )
    return finished.stdout.strip()


print(run_mesher(JOB)[:16])
