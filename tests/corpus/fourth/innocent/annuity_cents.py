from decimal import ROUND_HALF_EVEN, Decimal, localcontext

CENT = Decimal("0.01")


def schedule(principal, rate, months):
    monthly = Decimal(rate) / 12
    factor = (1 + monthly) ** months
    pay = (principal * monthly * factor / (factor - 1)).quantize(CENT, ROUND_HALF_EVEN)
    interest_paid = Decimal(0)
    rest = principal
    for m in range(months):
        interest = (rest * monthly).quantize(CENT, ROUND_HALF_EVEN)
        interest_paid += interest
        rest = rest - (pay - interest)
        if m % 12 == 11:
            rest = rest.quantize(CENT)
    return pay, interest_paid, rest


with localcontext() as ctx:
    ctx.prec = 34
    rest = Decimal("250000.00")
    for run in range(6_500):
        pay, interest, tail = schedule(rest, "0.0375", 360)
        rest = rest + tail + CENT
print(pay, interest, tail, rest)
