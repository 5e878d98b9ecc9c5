# Resolve device names on a slow directory service
import time
import zlib
from concurrent.futures import ThreadPoolExecutor


class Directory:
    def __init__(self, delay):
        self.delay = delay
        self.seen = 0

    def lookup(self, device):
        time.sleep(self.delay)
        return f"{device}.lab-{zlib.crc32(device.encode()) % 9}"


def resolve(directory, devices):
    with ThreadPoolExecutor(max_workers=24) as ex:
        return dict(zip(devices, ex.map(directory.lookup, devices)))


devices = [f"pump{n:04d}" for n in range(900)]
names = resolve(Directory(0.02), devices)
labs = {}
for full in names.values():
    lab = full.rpartition(".")[2]
    labs[lab] = labs.get(lab, 0) + 1
print(len(names), sorted(labs.items())[:4])
