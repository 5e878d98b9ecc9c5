import numpy as np


def piece(k):
    a = np.linspace(k * 0.3, k * 0.3 + 0.3, 24)
    r = 100 + 6 * np.sin(a * 11) + (k % 5)
    return r * np.exp(1j * a)


def outline(pieces):
    chain = np.zeros(0, dtype=complex)
    for k in range(pieces):
        nxt = piece(k)
        if len(chain) and abs(chain[-1] - nxt[0]) < 1e-9:
            nxt = nxt[1:]
        chain = np.r_[chain, nxt]
    return chain


def main():
    line = outline(4_600)
    length = np.abs(np.diff(line)).sum()
    area = 0.5 * np.sum(line.real[:-1] * line.imag[1:] - line.real[1:] * line.imag[:-1])
    print(line.size, round(float(length), 3), round(float(area), 2))


main()
