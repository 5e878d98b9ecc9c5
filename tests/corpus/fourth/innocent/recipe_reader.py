RECIPE = """
200 g flour, 3 eggs; 1 pinch salt
rest 30 min # cold
4 dl milk, 50 g butter; 2 tbsp sugar
"""


def scan(text):
    kind, word = None, ""
    out = []
    for ch in text:
        if ch.isdigit():
            cls = "num"
        elif ch.isalpha():
            cls = "word"
        elif ch in ",;#":
            cls = "mark"
        else:
            cls = None
        if cls != kind:
            if kind:
                out.append({"kind": kind, "text": word})
            kind, word = cls, ""
        word += ch
    return out


shopping = {}
for n in range(30_000):
    tokens = scan(RECIPE + f"{n} g oats\n")
    for t, u in zip(tokens, tokens[2:]):
        if t["kind"] == "num" and u["kind"] == "word":
            shopping[u["text"]] = shopping.get(u["text"], 0) + int(t["text"])
print(shopping)
