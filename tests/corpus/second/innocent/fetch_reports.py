"""Reads attendance reports out of an archive held in memory."""
import csv
import io
import zipfile


def archive(schools):
    blob = io.BytesIO()
    with zipfile.ZipFile(blob, "w", zipfile.ZIP_STORED) as z:
        for s in range(schools):
            text = "pupil;day;state;note\n" + "".join(
                f"{i % 300};{i // 300};{'PAL'[(i * s) % 7 % 3]};x\n" for i in range(12_000)
            )
            z.writestr(f"school{s}.csv", text)
    blob.seek(0)
    return blob


class Remote:
    def __init__(self, blob):
        self.zip = zipfile.ZipFile(blob)

    def fetch(self, name):
        with self.zip.open(name) as raw:
            reader = csv.DictReader(io.TextIOWrapper(raw, "utf-8"), delimiter=";")
            states = {}
            for rec in reader:
                key = (rec["pupil"], rec["state"])
                states[key] = int(rec["day"])
        return states


def main():
    remote = Remote(archive(30))
    reports = {}
    for name in remote.zip.namelist():
        reports[name] = remote.fetch(name)
    print(len(reports), sum(len(r) for r in reports.values()))
    print(sum(d for r in reports.values() for d in r.values()))


main()
