def ledger_lines(count):
    shops = ["north", "south", "harbour", "station", "mall"]
    day = [(shops[(i * 13) % 5], ((i * 37) % 1000) / 8) for i in range(1_000)]
    for _ in range(count // len(day)):
        yield from day


def revenue_by_shop(lines):
    revenue = {}
    for shop, amount in lines:
        revenue[shop] = revenue.get(shop, 0.0) + amount
    return revenue


totals = revenue_by_shop(ledger_lines(8_000_000))
print(sorted(totals.items())[0])
