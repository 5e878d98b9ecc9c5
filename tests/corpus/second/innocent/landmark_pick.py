import numpy as np


def sequences(n, width):
    g = np.random.default_rng(15)
    return g.normal(size=(n, width)) + g.integers(0, 6, (n, 1))


def spread_out(points, count):
    """Pick points so that each is the least well explained by those before it."""
    basis = points[:1] / np.linalg.norm(points[0])
    chosen = [0]
    while len(chosen) < count:
        rest = points - (points @ basis.T) @ basis
        far = int(np.einsum("ij,ij->i", rest, rest).argmax())
        fresh = rest[far] / np.linalg.norm(rest[far])
        basis = np.concatenate([basis, fresh[None]])
        chosen.append(far)
    return chosen, basis


def main():
    points = sequences(7000, 90)
    chosen, basis = spread_out(points, 70)
    print("chosen", chosen[:8])
    print("check", bool(np.abs(basis @ basis.T - np.eye(len(basis))).max() < 1e-8))


main()
