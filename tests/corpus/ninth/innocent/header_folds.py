import random

NAMES = ["Subject", "From", "To", "Received", "X-Harbour", "Date"]


def raw_headers(n):
    rng = random.Random(17)
    rows = []
    for k in range(n):
        rows.append(f"{rng.choice(NAMES)}: note {k} \"of; quay {k % 19}\";\n\tpart={k % 7}\n")
    return "".join(rows)


def parse(text):
    fields = {}
    name, value, state = "", [], "name"
    i = 0
    for ch in text + "\n":
        if state == "name":
            if ch == ":":
                state = "value"
            elif ch in " \t" and not name:
                state = "value"
                value.append(" ")
            else:
                name += ch
        elif state == "quote":
            if ch == '"':
                state = "value"
            value.append(ch)
        elif ch == '"':
            state = "quote"
            value.append(ch)
        elif ch == "\n":
            fields.setdefault(name or "(fold)", []).append("".join(value).strip())
            name, value, state = "", [], "name"
        else:
            value.append(ch)
    return fields


parsed = parse(raw_headers(160000))
for name in sorted(parsed):
    print(name, len(parsed[name]), repr(parsed[name][-1]))
