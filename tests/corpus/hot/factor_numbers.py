def factorise(number):
    factors = []
    divisor = 2
    while divisor * divisor <= number:
        while number % divisor == 0:
            factors.append(divisor)
            number //= divisor
        divisor += 1 if divisor == 2 else 2
    if number > 1:
        factors.append(number)
    return tuple(factors)


def semiprimes(count):
    return [(10_007 + 6 * i) ** 2 + 2 * i * i + 10**10 for i in range(count)]


numbers = semiprimes(700)
factors = [factorise(number) for number in numbers]
print(len(factors), max(map(len, factors)), sum(f[-1] for f in factors) % 1_000_003)
