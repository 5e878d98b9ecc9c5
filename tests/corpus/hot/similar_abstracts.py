import difflib

TOPICS = ["graph", "protein", "climate", "market", "signal", "quantum"]


def abstracts(count):
    texts = []
    for i in range(count):
        words = [TOPICS[(i * k + k * k) % 6] + str((i + k) % 19) for k in range(70)]
        texts.append(" ".join(words))
    return texts


def resemblance(text, reference):
    matcher = difflib.SequenceMatcher(None, text, reference, autojunk=False)
    return matcher.ratio()


documents = abstracts(110)
reference = documents[0]
ratios = []
for document in documents:
    ratio = resemblance(document, reference)
    ratios.append(ratio)

print(len(ratios), round(sum(ratios), 6))
