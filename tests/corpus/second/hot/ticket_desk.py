"""School office: enrolment requests are worked through in order of arrival."""
import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    pupil: int
    course: int
    attempts: int = 0


def arrivals(n):
    rng = random.Random(2024)
    return [Request(i, rng.randrange(120)) for i in range(n)]


def serve(inbox, seats):
    placed = {}
    refused = 0
    while inbox:
        req = inbox[0]
        del inbox[0]
        if seats[req.course] > 0:
            seats[req.course] -= 1
            placed[req.pupil] = req.course
        elif req.attempts < 2:
            inbox.append(Request(req.pupil, (req.course * 7 + 1) % 120, req.attempts + 1))
        else:
            refused += 1
    return placed, refused


def main():
    seats = [650] * 120
    placed, refused = serve(arrivals(85_000), seats)
    print("placed", len(placed), "refused", refused, "left", sum(seats))
    print("course 17:", sum(1 for c in placed.values() if c == 17))


if __name__ == "__main__":
    main()
