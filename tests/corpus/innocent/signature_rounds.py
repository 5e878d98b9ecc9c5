MODULUS = 2**1_279 * 977 + 12_345_678_901


def sign(message):
    value = message * 7 + 3
    for _ in range(30):
        value = pow(value, 65_537, MODULUS)
        value ^= value >> 13
    return value


def digest(messages):
    total = 0
    for message in messages:
        total = (total + sign(message)) % MODULUS
    return total


print(digest(range(1_000, 1_380)) % 10**12)
