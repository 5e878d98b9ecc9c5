def noise(count):
    value = 7
    for _ in range(count):
        value = (value * 75 + 74) % 65_537
        yield value - 32_768


def echo(stream, width=64):
    window = [0] * width
    out = 0
    for sample in stream:
        window.append(sample)
        window.pop(0)
        near = sum(window[48:56])
        far = sum(window[8:12])
        out = (out + 3 * near - far) % 1_000_003
    return out


print(echo(noise(600_000)))
