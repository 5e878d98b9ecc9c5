def coin_ways(amount, coins):
    if amount == 0:
        return 1
    if amount < 0 or not coins:
        return 0
    return coin_ways(amount - coins[0], coins) + coin_ways(amount, coins[1:])


def show(amount, ways):
    return f"{amount / 100:.2f} in {ways} ways"


coins = (200, 100, 50, 20, 10, 5)
ways = coin_ways(1_000, coins)
print(show(1_000, ways))
