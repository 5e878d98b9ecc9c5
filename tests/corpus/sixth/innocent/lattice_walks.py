import sys

SIZE = 1500


def defects(n):
    return [{(i * i * 7 + 31 * m) % (n - 1) + 1 for m in range(40)} for i in range(n)]


def walks(n, holes):
    row = [1] * n
    for i in range(1, n):
        gap = holes[i]
        acc = 0
        for j in range(n):
            if j in gap:
                acc = 0
            else:
                acc = acc + row[j]
            row[j] = acc
    return row


def main():
    row = walks(SIZE, defects(SIZE))
    last = max(row)
    print("bits", last.bit_length())
    print("mod", last % 1_000_000_007)


if __name__ == "__main__":
    main()
