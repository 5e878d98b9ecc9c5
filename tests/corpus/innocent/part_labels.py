def part_label(number, revised, metric):
    label = f"P{number:06d}"
    if revised:
        label += "-R"
    if metric:
        label += "-M"
    return label


def catalogue(count):
    width = 0
    for number in range(count):
        label = part_label(number, revised=number % 3 == 0, metric=number % 2 == 0)
        width += len(label)
    return width


print(catalogue(1_000_000))
