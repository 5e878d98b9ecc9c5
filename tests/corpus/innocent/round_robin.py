from collections import deque


class RoundRobin:
    def __init__(self, names):
        self.queue = deque((name, 40 + i % 60) for i, name in enumerate(names))
        self.finished = []

    def run(self, quantum):
        queue = self.queue
        while queue:
            name, left = queue.popleft()
            if left > quantum:
                queue.append((name, left - quantum))
            else:
                self.finished.append(name)
        return self.finished


scheduler = RoundRobin([f"proc{i}" for i in range(60_000)])
order = scheduler.run(quantum=2)
print(len(order), order[0], order[-1])
