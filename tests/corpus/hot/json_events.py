import json
import os
import tempfile
from collections import defaultdict


def write_events(path, blocks):
    events = [{"user": f"u{i % 900}", "kind": ["view", "buy"][i % 9 == 0], "price": i % 83, "tags": [i % 3, i % 5]} for i in range(1_500)]
    block = "".join(json.dumps(event) + "\n" for event in events)
    with open(path, "w") as target:
        for _ in range(blocks):
            target.write(block)


def spending(path):
    with open(path) as source:
        events = [json.loads(line) for line in source]
    spent = defaultdict(int)
    for event in events:
        if event["kind"] == "buy":
            spent[event["user"]] += event["price"]
    return spent


if __name__ == "__main__":
    handle, path = tempfile.mkstemp(suffix=".jsonl")
    os.close(handle)
    write_events(path, 100)
    spent = spending(path)
    os.remove(path)
    print(len(spent), sum(spent.values()))
