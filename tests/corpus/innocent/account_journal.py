import hashlib
import os
import tempfile

balances = {"till": 0}
chain = [b"genesis"]


def post(amount, journal):
    balances["till"] += amount
    line = f"{balances['till']}".encode()
    digest = chain[-1]
    for _ in range(700):
        digest = hashlib.sha256(digest + line).digest()
    chain[0] = digest
    journal.write(digest.hex() + "\n")
    return balances["till"]


def close_day(amounts, path):
    with open(path, "w") as journal:
        return [post(amount, journal) for amount in amounts]


handle, path = tempfile.mkstemp(suffix=".journal")
os.close(handle)
running = close_day([(i * 37) % 90 - 30 for i in range(2_200)], path)
print(len(running), running[-1], os.path.getsize(path), chain[0].hex()[:8])
os.remove(path)
