"""Apply a sequence of edits to a settings file, validating after each."""
import json
import pathlib
import tempfile


def validate(path):
    doc = json.loads(path.read_text())
    assert set(doc) == {"version", "services"}
    return sum(s["replicas"] for s in doc["services"].values())


def edit(path, turn):
    doc = json.loads(path.read_text())
    name = f"svc{turn % 40}"
    doc["services"][name]["replicas"] = turn % 9 + 1
    doc["version"] += 1
    path.write_text(json.dumps(doc))


def main():
    services = {f"svc{i}": {"replicas": 1, "image": f"registry/app{i}:1", "ports": [80, 8000 + i]}
                for i in range(60)}
    with tempfile.TemporaryDirectory() as d:
        path = pathlib.Path(d, "settings.json")
        path.write_text(json.dumps({"version": 0, "services": services}))
        peak = 0
        for turn in range(3500):
            edit(path, turn)
            peak = max(peak, validate(path))
        version = json.loads(path.read_text())["version"]
    print(version, peak)


main()
