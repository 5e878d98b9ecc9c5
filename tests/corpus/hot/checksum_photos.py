import hashlib
import pathlib
import tempfile


def shoot(folder, count):
    block = bytes(range(256)) * 1_100
    for number in range(count):
        (folder / f"img_{number:04d}.raw").write_bytes(number.to_bytes(4, "big") + block)


def checksums(folder):
    pending = sorted(folder.glob("*.raw"))
    result = {}
    while pending:
        path = pending.pop()
        data = path.read_bytes()
        result[path.name] = hashlib.sha512(data).hexdigest()
    return result


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    shoot(folder, 500)
    sums = checksums(folder)
print(len(sums), sums["img_0042.raw"][:12])
