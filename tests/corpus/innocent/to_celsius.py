def celsius(fahrenheit):
    return (fahrenheit - 32.0) / 1.8


def readings(count):
    day = [50.0 + (i * 17 % 300) / 10 for i in range(1_440)]
    return day * (count // len(day))


def convert(values):
    return [celsius(value) for value in values]


values = readings(5_000_000)
converted = convert(values)
print(len(converted), round(sum(converted[:1_440]), 6))
