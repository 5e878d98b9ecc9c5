import subprocess
import sys

WORK = """
import sys, hashlib
key = sys.argv[1].encode()
print(hashlib.pbkdf2_hmac("sha1", key, b"site", 250000).hex())
"""


def start(site):
    return subprocess.Popen([sys.executable, "-I", "-S", "-c", WORK, site], stdout=subprocess.PIPE, text=True)


def collect(sites):
    running = [start(site) for site in sites]
    return [process.communicate()[0].strip() for process in running]


keys = collect(["oslo", "lund", "turku", "riga", "gdansk", "vaasa"])
print(len(keys), keys[0][:8], keys[-1][:8])
