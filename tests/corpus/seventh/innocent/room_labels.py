WINGS = "NESW"


def label(code):
    floor, room = divmod(code, 1000)
    return f"{WINGS[code % 4]}{floor:03d}-{room:03d}"


class Registry:
    def __init__(self, first, last):
        self.codes = list(range(first, last))

    def labels(self):
        return list(map(label, self.codes))


def check(labels):
    assert len(labels) == len(labels[:])
    return labels[0], labels[len(labels) // 2], labels[-1]


if __name__ == "__main__":
    reg = Registry(1000, 1_300_000)
    names = reg.labels()
    print(len(names), *check(names))
