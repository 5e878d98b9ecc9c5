"""In how many orders can a rugby score come about?"""
from dataclasses import dataclass

EVENTS = (3, 5, 7)


@dataclass(frozen=True)
class Result:
    home: int
    away: int

    def __str__(self):
        return f"{self.home}-{self.away}"


def orders(home, away):
    if home < 0 or away < 0:
        return 0
    if home == 0 and away == 0:
        return 1
    return (sum(orders(home - e, away) for e in EVENTS)
            + sum(orders(home, away - e) for e in EVENTS))


for result in (Result(17, 12), Result(21, 10), Result(19, 15), Result(22, 14), Result(20, 18)):
    print(result, orders(result.home, result.away))
