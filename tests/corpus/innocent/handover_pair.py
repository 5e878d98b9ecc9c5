import bz2


def handovers(shifts):
    pair = [shifts[0], shifts[1]]
    notes = []
    for shift in shifts[2:]:
        pair.append(shift)
        leaving = pair.pop(0)
        notes.append(f"{leaving}>{pair[0]}")
    return notes


def archive(notes):
    text = "\n".join(notes * 500).encode()
    return len(bz2.compress(text))


if __name__ == "__main__":
    shifts = [f"crew{n % 9}" for n in range(300)]
    notes = handovers(shifts)
    print(len(notes), notes[-1], archive(notes))
