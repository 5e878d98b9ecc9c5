import json
import random


def packets(n, seed):
    rng = random.Random(seed)
    for _ in range(n):
        keys = rng.sample(range(6), 3)
        yield {k: rng.randrange(100) for k in keys}


def normalise(rec):
    """Slot 0 is the legacy id; it moves to its own field."""
    legacy = rec.pop(0, None)
    blob = json.dumps({"id": legacy, "slots": sorted(rec.items())})
    return json.loads(blob)


def main():
    with_id = 0
    slots = 0
    for rec in packets(120_000, 4):
        doc = normalise(rec)
        with_id += doc["id"] is not None
        slots += len(doc["slots"])
    print(with_id, slots)


main()
