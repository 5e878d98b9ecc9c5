import numpy as np

GENERA = {"Q": "Quercus", "B": "Betula", "P": "Picea", "S": "Salix"}


def field_codes(count):
    codes = np.array(["Q. robur", "B. pendula", "P. abies ", "S. caprea", "Q. petraea"], dtype=object)
    return codes[np.arange(count) * 7 % 5]


def full_names(codes):
    names = np.empty(len(codes), dtype=object)
    for i in range(len(codes)):
        letter, epithet = codes[i].split(". ")
        names[i] = f"{GENERA[letter]} {epithet.strip()} #{i % 1000:03d}"
    return names


names = full_names(field_codes(1_100_000))
print(len(names), names[-1], sum(map(len, names[:1000])))
