def blank_order(kind):
    lines = []
    for number in range(30):
        lines.append({"line": number, "article": None, "count": 0, "tags": [kind]})
    return {"kind": kind, "lines": lines, "open": True}


def fill(order, number):
    line = order["lines"][number % 30]
    line["article"] = number
    line["count"] += 1
    line["tags"].append("filled")
    order["open"] = False
    return order


def day(count):
    filled = 0
    tags = 0
    for number in range(count):
        order = fill(blank_order("web"), number)
        filled += sum(line["count"] for line in order["lines"])
        tags += len(order["lines"][number % 30]["tags"])
    return filled, tags


print(*day(60_000))
