import re

ABUNDANCE = {
    "H": [(1.0078, 0.99988), (2.0141, 0.00012)],
    "C": [(12.0, 0.9893), (13.0034, 0.0107)],
    "N": [(14.0031, 0.9964), (15.0001, 0.0036)],
    "O": [(15.9949, 0.99757), (16.9991, 0.00038), (17.9992, 0.00205)],
    "S": [(31.9721, 0.9499), (32.9715, 0.0075), (33.9679, 0.0425)],
}
PEPTIDES = """C43H66N12O12S2 C50H73N15O11 C63H98N18O13S C29H42N6O9 C75H110N20O17
C59H84N16O12 C45H69N13O14S C71H102N18O20 C66H109N19O13S C52H74N16O15S2
C55H79N13O14 C49H62N10O16S3""".split()


def pattern(formula):
    peaks = {0.0: 1.0}
    for element, count in re.findall(r"([A-Z])(\d*)", formula):
        for _ in range(int(count or 1)):
            grown = {}
            for mass, share in peaks.items():
                for m, p in ABUNDANCE[element]:
                    key = round(mass + m, 4)
                    grown[key] = grown.get(key, 0.0) + share * p
            peaks = {m: p for m, p in grown.items() if p > 1e-12}
    return peaks


def main():
    table = {}
    for formula in PEPTIDES:
        peaks = pattern(formula)
        table[formula] = max(peaks, key=peaks.get), len(peaks)
    for formula in sorted(table):
        print(formula, "%.3f %d" % table[formula])


if __name__ == "__main__":
    main()
