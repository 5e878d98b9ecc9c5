import argparse
import numpy as np


class Gate:
    def __init__(self, name, unpaid):
        self.name = name
        self.unpaid = np.asarray(unpaid)
        self.stopped = 0
        self.passed = 0

    def approach(self, plate):
        if plate in self.unpaid:
            self.stopped += 1
            return False
        self.passed += 1
        return True


def traffic(seed, cars):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 900_000, cars).tolist()


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--cars", type=int, default=26000)
    args = ap.parse_args()
    rng = np.random.default_rng(44)
    unpaid = rng.choice(900_000, 60_000, replace=False)
    gates = [Gate(n, unpaid) for n in ("north", "quay")]
    for k, gate in enumerate(gates):
        for plate in traffic(k, args.cars // 2):
            gate.approach(plate)
    for gate in gates:
        print(gate.name, gate.stopped, gate.passed)


if __name__ == "__main__":
    main()
