# Round-robin scheduler simulation with six run queues slots
import random


class Task:
    __slots__ = ("name", "left", "wait")

    def __init__(self, name, left):
        self.name, self.left, self.wait = name, left, 0

    def __repr__(self):
        return f"{self.name}:{self.wait}"


def simulate(tasks, quantum, rng):
    ready = list(tasks)
    finished = []
    clock = 0
    while ready:
        task = ready.pop(0)
        clock += 1
        task.left -= quantum
        task.wait += len(ready)
        if task.left > 0:
            ready.append(task)
        else:
            finished.append(task)
    return clock, finished


rng = random.Random(70)
total = 0
for trial in range(7):
    tasks = [Task(f"t{i}", rng.randrange(100_000, 220_000)) for i in range(6)]
    clock, finished = simulate(tasks, 2, rng)
    total += clock
    print(trial, clock, finished[0], finished[-1])
print(total)
