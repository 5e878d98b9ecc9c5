import random

SPAN = 30_000


class RecentRequests:
    """The last SPAN requests, newest in front."""

    def __init__(self, span):
        self.span = span
        self.items = []
        self.errors = 0

    def push(self, stamp, status):
        self.items.insert(0, (stamp, status))
        self.errors += status >= 500
        if len(self.items) > self.span:
            _, old = self.items.pop()
            self.errors -= old >= 500

    @property
    def rate(self):
        return self.errors / max(1, len(self.items))


def stream(n, seed=8):
    rng = random.Random(seed)
    t = 0
    for _ in range(n):
        t += 1
        yield t, 500 if rng.random() < 0.01 + 0.02 * (t % 40_000 > 30_000) else 200


def main():
    recent = RecentRequests(SPAN)
    alarms = 0
    peak = 0.0
    for stamp, status in stream(110_000):
        recent.push(stamp, status)
        if recent.rate > 0.016:
            alarms += 1
        peak = max(peak, recent.rate)
    print("alarms", alarms, "peak", round(peak, 5))
    print("newest", recent.items[0], "oldest", recent.items[-1])


if __name__ == "__main__":
    main()
