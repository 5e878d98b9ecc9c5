def tick_stream(count):
    value = 17
    for _ in range(count):
        value = (value * 48_271) % 2_147_483_647
        yield value % 10_007


def rolling_means(stream, width):
    window = []
    total = 0
    for value in stream:
        window.append(value)
        total += value
        if len(window) > width:
            total -= window[0]
            del window[0]
            yield total / width


def main():
    largest = max(rolling_means(tick_stream(130_000), width=40_000))
    print(round(largest, 5))


main()
