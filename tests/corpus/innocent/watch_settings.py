import json
import os
import tempfile


def load_settings(path):
    with open(path) as source:
        return json.load(source)


def store_settings(path, settings):
    with open(path, "r+") as target:
        target.write(json.dumps(settings))
        target.truncate()


def tune(path, rounds):
    trace = 0
    for number in range(rounds):
        settings = load_settings(path)
        settings["gain"] = (settings["gain"] * 48_271 + number) % 2_147_483_647
        store_settings(path, settings)
        trace ^= settings["gain"]
    return trace


handle, path = tempfile.mkstemp(suffix=".json")
os.close(handle)
store_settings(path, {"gain": 7, "name": "channel", "limits": list(range(40))})
print(tune(path, 14_000))
os.remove(path)
