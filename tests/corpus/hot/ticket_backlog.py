from itertools import cycle, islice

PRIORITIES = ("low", "high", "normal", "normal")


def opened_tickets(count):
    return [(number, priority) for number, priority in zip(range(count), cycle(PRIORITIES))]


def minutes(priority):
    return {"low": 5, "normal": 12, "high": 30}[priority]


backlog = opened_tickets(17_000)
spent = 0
handled = 0
while backlog:
    number, priority = backlog[0]
    backlog = backlog[1:]
    spent += minutes(priority)
    handled += 1
    if priority == "high" and number % 7 == 0:
        backlog.append((number + 1, "low"))

print(handled, spent, list(islice(cycle(PRIORITIES), 2)))
