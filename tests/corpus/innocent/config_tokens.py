def tokenize(text):
    tokens = []
    current = []
    quoted = False
    for ch in text:
        if ch == '"':
            quoted = not quoted
        elif ch in " =\n" and not quoted:
            if current:
                tokens.append("".join(current))
                current.clear()
        else:
            current.append(ch)
    if current:
        tokens.append("".join(current))
    return tokens


def config_text(entries):
    return "\n".join(f'key{i % 50} = "some value {i * 7 % 13}"' for i in range(entries))


tokens = tokenize(config_text(200_000))
print(len(tokens), tokens[-1])
