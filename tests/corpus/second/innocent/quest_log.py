"""Resolve quests; each result changes what the party owns."""
import hashlib

PARTY = {"gold": 100, "fame": 0, "items": []}


def resolve(quest):
    seed = f"{quest}:{PARTY['gold']}:{len(PARTY['items'])}"
    for _ in range(900):
        seed = hashlib.sha256(seed.encode()).hexdigest()
    luck = int(seed[:4], 16) % 100
    if luck > 60:
        PARTY["gold"] += luck
        PARTY["items"].append(seed[4:8])
    elif luck < 15 and PARTY["items"]:
        PARTY["items"].pop(luck % len(PARTY["items"]))
        PARTY["gold"] -= luck
    PARTY["fame"] += luck // 10
    return luck


def main():
    quests = [f"quest-{i % 40}-{i // 40}" for i in range(900)]
    outcome = [resolve(q) for q in quests]
    print("average luck", sum(outcome) / len(outcome))
    print(PARTY["gold"], PARTY["fame"], len(PARTY["items"]), PARTY["items"][-2:])


main()
