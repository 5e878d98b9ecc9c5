from collections import Counter

TEXT = "sphinx of black quartz judge my vow " * 400


def count_letters(texts):
    letters = Counter()
    for text in texts:
        letters.update(text)
    return letters


letters = count_letters(f"{TEXT}{i}" for i in range(1_200))
print(letters.most_common(2))
