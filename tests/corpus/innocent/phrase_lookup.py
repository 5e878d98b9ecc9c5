def novel(lines):
    parts = []
    for i in range(lines):
        parts.append(f"chapter {i % 97} scene {i * 31 % 1009} the rain fell on {i * 17 % 4001} roofs")
    return "\n".join(parts)


def candidate_phrases(count):
    return [f"fell on {i} roof" for i in range(3_500, 3_500 + count)]


def phrases_found(text, phrases):
    return [phrase for phrase in phrases if phrase in text]


text = novel(9_000)
found = phrases_found(text, candidate_phrases(6_000))
print(len(text), len(found))
