def numbered(names):
    seen = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return unique


def column_names(count):
    base = ["id", "value", "value", "flag", "note", "value", "time"]
    return base * (count // len(base))


columns = numbered(column_names(2_000_000))
print(len(columns), columns[-3])
