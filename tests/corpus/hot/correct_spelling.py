import difflib

DICTIONARY = ["harbour", "station", "library", "museum", "bridge", "garden", "market", "castle", "school", "church", "avenue", "square"]


def correct(word):
    best = difflib.get_close_matches(word, DICTIONARY, n=1, cutoff=0.5)
    return best[0] if best else word


def garble(word, shift):
    position = shift % len(word)
    return word[:position] + "aeiou"[shift % 5] + word[position + 1 :]


def survey_answers(count):
    variants = [garble(word, k) for word in DICTIONARY for k in range(7)]
    return [variants[(i * 29) % len(variants)] for i in range(count)]


answers = survey_answers(9_000)
corrected = [correct(word=answer) for answer in answers]
print(len(corrected), corrected.count("harbour"), corrected.count("market"))
