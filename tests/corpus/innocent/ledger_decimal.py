from decimal import Decimal


class Ledger:
    def __init__(self, text):
        self.text = text

    def iterrows(self):
        for number, line in enumerate(self.text.splitlines()):
            account, amount = line.split(";")
            yield number, {"account": account, "amount": Decimal(amount)}

    def balances(self):
        totals = {}
        for _, row in self.iterrows():
            account = row["account"]
            totals[account] = totals.get(account, Decimal(0)) + row["amount"]
        return totals


def bookings(count):
    return "\n".join(f"ACC{i % 23:02d};{(i * 37 % 90_001) - 45_000}.{i % 100:02d}" for i in range(count))


balances = Ledger(bookings(400_000)).balances()
print(len(balances), balances["ACC07"])
