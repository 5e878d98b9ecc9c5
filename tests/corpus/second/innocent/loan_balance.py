from decimal import Decimal, getcontext

getcontext().prec = 130


class Account:
    def __init__(self, opening):
        self.buffer = Decimal(opening)

    def accrue(self, days, rate):
        daily = Decimal(rate) / 365
        for day in range(days):
            self.buffer += (self.buffer * daily).quantize(Decimal("1e-40"))
            if day % 30 == 29:
                self.buffer += Decimal("-125.50")


def main():
    for opening, rate in (("18000", "0.049"), ("7400.25", "0.071"), ("99000", "0.0333")):
        acc = Account(opening)
        acc.accrue(260_000, rate)
        print(opening, rate, f"{acc.buffer:.6e}")


main()
