"""Exact number of Delannoy walks, row by row."""


def delannoy_rows(n):
    row = [1] * (n + 1)
    for _ in range(n):
        nxt = [1]
        diag = row[0]
        for up in row[1:]:
            nxt.append(nxt[-1] + up + diag)
            diag = up
        row = nxt
        yield row


last = None
for row in delannoy_rows(2_300):
    last = row
print(last[-1].bit_length(), "bits", last[-1] % 1_000_000_007, last[700] % 998_244_353)
