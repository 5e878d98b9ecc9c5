import time


class Scale:
    settle = 0.025

    def __init__(self, address):
        self.address = address

    def weigh(self):
        time.sleep(self.settle)
        return 1_000 + self.address * 37 % 211


def readings(scales):
    for scale in scales:
        yield scale.address, scale.weigh()


def heaviest(pairs):
    return max(pairs, key=lambda pair: (pair[1], pair[0]))


if __name__ == "__main__":
    scales = [Scale(address) for address in range(32)]
    table = dict(readings(scales))
    print(len(table), heaviest(table.items()))
