"""The advisor's rules on small scripts: each speaks where it should, and is silent next to that."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable
from pathlib import Path

import pytest

from manycore import _advice
from manycore._advice import _run, observe
from manycore._advice.observe import Calls, Names, Observations, Wish
from manycore._advice.scopes import Model, carried

Stack = tuple[tuple[str, str, int], ...]


class Everywhere:
    """A profile that finds every line hot: the time is left out of these tests."""

    def __init__(self, file: str, source: str, seconds: float) -> None:
        self.seconds = self.cpu_seconds = seconds
        lines = range(1, source.count("\n") + 2)
        self._stack = tuple((file, "<module>", line) for line in lines)

    def stacks(self) -> list[tuple[Stack, float]]:
        return [(self._stack, self.seconds)]


def advice_of(
    folder: Path, text: str, seconds: float = 1.0, memory: int | None = None
) -> list[_advice.Advice]:
    source = textwrap.dedent(text)
    path = str(folder / "script.py")
    Path(path).write_text(source)
    return _advice.advise(
        path,
        Everywhere(path, source, seconds),
        lambda wishes: observe.collect(path, [], wishes),
        memory=memory,
    )


HOT = {
    "membership-set": [
        """
        names = [str(n) for n in range(300)]
        class Row:
            def __init__(self, key):
                self.key = key
        def fresh(rows, names):
            return [row for row in rows if not any(row.key == name for name in names)]
        fresh([Row(str(n)) for n in range(200)], names)
        """,
        """
        import numpy as np
        closed = np.unique(np.arange(3000) * 7)
        hits = sum(1 for tile in range(400) if tile in closed)
        """,
        """
        prices = {n: str(n) for n in range(400)}
        hits = 0
        for n in range(100):
            if str(n) in prices.values():
                hits += 1
        """,
        """
        banned = tuple(str(n) for n in range(400))
        def fine(word):
            return word not in banned
        kept = list(filter(fine, map(str, range(200))))
        """,
        """
        import pandas as pd
        table = pd.DataFrame({"name": [str(n) for n in range(300)]})
        hits = [n for n in range(200) if str(n) in table["name"].values]
        """,
        """
        known = [str(n) for n in range(500)]
        hits = 0
        for n in range(600):
            if str(n) in known:
                hits += 1
        """,
        """
        class Groups:
            def __init__(self):
                self.members = {"a": list(range(300))}
            def count(self, values, kind):
                return [v for v in values if v not in self.members[kind]]
        Groups().count(range(400), "a")
        """,
    ],
    "counter": [
        """
        class Book:
            def __init__(self):
                self.played = {}
            def note(self, move):
                if move in self.played:
                    self.played[move] = self.played[move] + 1
                else:
                    self.played[move] = 1
            def study(self, moves):
                for move in moves:
                    self.note(move)
        Book().study(["a", "b"] * 2000)
        """,
        """
        words = ["a", "b"] * 2000
        counts = {}
        for word in words:
            counts[word] = counts[word] + 1 if word in counts else 1
        """,
        """
        counts = dict.fromkeys("ab", 0)
        words = iter(["a", "b"] * 2000)
        while (word := next(words, None)) is not None:
            counts[word] += 1
        """,
        """
        words = [str(n % 50) for n in range(1000)]
        counts = {word: sum(1 for other in words if other == word) for word in set(words)}
        """,
        """
        from collections import defaultdict
        counts = defaultdict(int)
        for word in ["a", "b"] * 2000:
            if word > "":
                counts[word] += 1
        """,
        """
        def count(words):
            counts = {}
            for word in words:
                try:
                    counts[word] += 1
                except KeyError:
                    counts[word] = 1
            return counts
        count(["a", "b"] * 2000)
        """,
        """
        words = [str(n % 50) for n in range(1000)]
        counts = {word: words.count(word) for word in set(words)}
        """,
    ],
    "list-append": [
        """
        from dataclasses import dataclass, replace
        @dataclass(frozen=True)
        class Roll:
            punches: tuple = ()
            def punched(self, stamp):
                return replace(self, punches=(*self.punches, stamp))
        for gate in range(3):
            roll = Roll()
            for n in range(300):
                roll = roll.punched(n)
        """,
        """
        from typing import NamedTuple
        class Table(NamedTuple):
            score: int
            log: tuple
        def play(table, card):
            return table._replace(score=table.score + card, log=table.log + ((card, 1),))
        table = Table(0, ())
        for n in range(300):
            table = play(table, n)
        """,
        """
        from functools import reduce
        def advance(carry, _):
            x, trail = carry
            return x * 0.99, trail + (x,)
        x, trail = reduce(advance, range(400), (1.0, ()))
        """,
        """
        rows = [[n] for n in range(400)]
        flat = sum(rows, [])
        """,
        """
        class Page:
            def __init__(self):
                self.text = ""
            def add(self, row):
                self.text += row
        page = Page()
        for n in range(400):
            page.add("row of some length")
        """,
        """
        import numpy as np
        values = np.empty(0)
        for n in range(300):
            values = np.append(values, n)
        """,
    ],
    "concat": [
        """
        import functools
        import pandas as pd
        def join(so_far, hour):
            return pd.concat([so_far, hour], ignore_index=True)
        book = functools.reduce(join, (pd.DataFrame({"bid": range(5)}) for _ in range(200)))
        """,
        """
        import functools
        import numpy as np
        def stitch(so_far, block):
            return np.concatenate([so_far, block - block[0] + so_far[-1]])
        signal = functools.reduce(stitch, [np.arange(9.0) for _ in range(300)])
        """,
        """
        import pandas as pd
        from functools import reduce
        parts = [pd.DataFrame({"a": [n] * 3}) for n in range(150)]
        whole = reduce(lambda one, other: pd.concat([one, other]), parts)
        """,
        """
        import pandas as pd
        whole = None
        for n in range(100):
            part = pd.DataFrame({"a": [n] * 3})
            whole = part if whole is None else pd.concat([whole, part])
        """,
        """
        import numpy as np
        def grow():
            all = np.zeros((1, 3))
            for n in range(200):
                all = np.r_[all, np.ones((1, 3))]
            return all
        grow()
        """,
    ],
    "deque": [
        """
        class Stretch:
            def __init__(self, length):
                self.cars, self.sum = [80.0] * length, 0.0
            def see(self, car):
                self.sum += car - self.cars[0]
                self.cars = self.cars[1:] + [car]
        road = Stretch(500)
        for n in range(400):
            road.see(float(n))
        """,
        """
        def build(items):
            feed, pinned = [], []
            for n in items:
                (pinned if n % 100 == 0 else feed).insert(0, n)
            return pinned + feed
        build(range(900))
        """,
        """
        class Jobs:
            def __init__(self):
                self.items = list(range(1000))
            def next(self):
                head, *self.items = self.items
                return head
        jobs = Jobs()
        while jobs.items:
            jobs.next()
        """,
        """
        waiting = list(range(1000))
        while waiting:
            head, waiting = waiting[0], waiting[1:]
        """,
        """
        waiting = list(range(1000))
        while len(waiting) > 0:
            first = waiting[0]
            waiting.remove(first)
        """,
        """
        log = []
        for n in range(1000):
            log[:0] = [n]
        """,
        """
        lanes = {"low": list(range(2000)), "high": list(range(2000))}
        for kind in lanes:
            while lanes[kind]:
                lanes[kind].pop(0)
        """,
        """
        def drain(waiting):
            while waiting:
                waiting = waiting[1:]
        drain(list(range(1000)))
        """,
    ],
    "jit": [
        """
        def within(px, py, xs, ys):
            odd, j = False, len(xs) - 1
            for i in range(len(xs)):
                if (ys[i] > py) != (ys[j] > py):
                    if px < (xs[j] - xs[i]) * (py - ys[i]) / (ys[j] - ys[i]) + xs[i]:
                        odd = not odd
                j = i
            return odd
        xs = tuple(float(n % 17) for n in range(250))
        ys = tuple(float(n % 13) for n in range(250))
        inside = [within(n * 0.1, n * 0.07, xs, ys) for n in range(60)]
        """,
        """
        def warp_cost(a, b, penalty):
            above = [1e300] * (len(b) + 1)
            above[0] = 0.0
            for x in a:
                left = 1e300
                row = [left]
                for j in range(len(b)):
                    left = min(above[j], above[j + 1] + penalty, left + penalty) + abs(x - b[j])
                    row.append(left)
                above = row
            return above[len(b)]
        warp_cost([n * 0.5 for n in range(80)], [n * 0.6 for n in range(70)], 0.05)
        """,
        """
        import numpy as np
        def spread(px, r, c, err, weights):
            for dr, dc, w in weights:
                px[r + dr, c + dc] += err * w
        WEIGHTS = ((0, 1, 7 / 16), (1, -1, 3 / 16), (1, 0, 5 / 16), (1, 1, 1 / 16))
        def halftone(px):
            for r in range(px.shape[0] - 1):
                for c in range(1, px.shape[1] - 1):
                    old = px[r, c]
                    new = 255.0 if old > 127.5 else 0.0
                    px[r, c] = new
                    spread(px, r, c, old - new, WEIGHTS)
        halftone(np.full((60, 80), 100.0))
        """,
        """
        def collatz(limit):
            best = 0
            for n in range(1, limit):
                k, steps = n, 0
                while k != 1:
                    k = k // 2 if k % 2 == 0 else 3 * k + 1
                    steps += 1
                best = max(best, steps)
            return best
        collatz(1500)
        """,
        """
        import numpy as np
        def smooth(values, weight):
            out = np.empty_like(values)
            last = 0.0
            for i in range(len(values)):
                last = weight * values[i] + (1 - weight) * last
                out[i] = last
            return out
        smooth(np.arange(6000.0), 0.2)
        """,
        """
        import numpy as np
        grid = np.zeros((90, 90))
        for i in range(90):
            for j in range(90):
                grid[i, j] = i * 0.5 + j
        """,
    ],
    "array": [
        """
        import numpy as np
        def index(near, red):
            return 2.5 * (near - red) / (near + 6.0 * red + 1.0)
        index(np.ones(300_000), np.ones(300_000))
        """,
    ],
    "sparse": [
        """
        import numpy as np
        def step(links, state):
            return links.T.dot(state)
        step(np.eye(500), np.ones(500))
        """,
    ],
    "float32": [
        """
        import numpy as np
        rng = np.random.default_rng(1)
        cells, marks = rng.normal(size=(4000, 100)), rng.normal(size=(100, 4)).round(2)
        best = []
        for start in range(0, 4000, 2000):
            part = cells[start : start + 2000]
            best.append(np.argmax(part @ marks / (1e-12 + marks.max()), axis=1))
        """,
        """
        import numpy as np
        rng = np.random.default_rng(1)
        table = rng.normal(size=(2000, 100))
        scores = table @ rng.normal(size=(100, 4))
        """,
    ],
    "pool": [
        """
        class Item:
            def __init__(self, n):
                self.n = n
            def points(self):
                counts = dict.fromkeys("ab", 0)
                for k in range(3000):
                    counts["ab"[k * self.n % 2]] += k
                return counts["a"]
        for item in [Item(n) for n in range(30)]:
            points = item.points()
        """,
        """
        def slow(x, scale=1):
            return sum(i * x * scale for i in range(3000))
        total = 0
        for n, x in enumerate(range(40)):
            total += slow(x, scale=n)
        """,
        """
        from functools import partial
        def slow(x, scale):
            return sum(i * x * scale for i in range(3000))
        class Panel:
            def screen(self, items):
                check = partial(slow, scale=2)
                yield from map(check, items)
        best = sorted(Panel().screen(range(30)))
        """,
        """
        def slow(x):
            return sum(i * x for i in range(3000))
        best = max(range(40), key=slow)
        """,
        """
        import random
        def simulate(seed):
            rng = random.Random(seed)
            return sum(rng.random() for _ in range(50))
        def all_of(count):
            results = {}
            for seed in range(count):
                results[seed] = simulate(seed)
            return results
        all_of(40)
        """,
        """
        def slow(x):
            return sum(i * x for i in range(100))
        total = sum(map(slow, range(30)))
        """,
    ],
    "threads": [
        """
        import socket, threading, time
        def serve(listener):
            conn, _ = listener.accept()
            with conn:
                time.sleep(0.01)
                conn.sendall(b"220")
            listener.close()
        def start(count):
            ports = []
            for n in range(count):
                listener = socket.create_server(("127.0.0.1", 0))
                threading.Thread(target=serve, args=(listener,), daemon=True).start()
                ports.append(listener.getsockname()[1])
            return ports
        def greeting(port):
            with socket.create_connection(("127.0.0.1", port), timeout=5) as s:
                return s.recv(64)
        said = []
        for port in start(6):
            said.append(greeting(port))
        """,
        """
        import time
        class Client:
            def __init__(self):
                self.calls = 0
            def pupils(self, school):
                self.calls += 1
                time.sleep(0.002)
                return school
            def head(self, school):
                self.calls += 1
                time.sleep(0.002)
                return school
        def snapshot(client, schools):
            for school in schools:
                pupils = client.pupils(school)
                yield client.head(school), pupils
        list(snapshot(Client(), range(8)))
        """,
        """
        import socket, threading
        server = socket.create_server(("127.0.0.1", 0))
        port = server.getsockname()[1]
        def serve():
            while True:
                try:
                    other, _ = server.accept()
                except OSError:
                    return
                other.sendall(b"x")
                other.close()
        threading.Thread(target=serve, daemon=True).start()
        answers = []
        for n in range(8):
            with socket.create_connection(("127.0.0.1", port)) as client:
                answers.append(client.recv(10))
        server.close()
        """,
        """
        import time
        def ask(meter):
            time.sleep(0.001)
            return meter * 2
        answers = {}
        for meter in range(20):
            answers[meter] = ask(meter)
        """,
        """
        import tempfile
        from pathlib import Path
        folder = Path(tempfile.mkdtemp())
        for n in range(30):
            (folder / str(n)).write_text("text")
        def size(path):
            return len(path.read_bytes())
        sizes = [size(path) for path in sorted(folder.iterdir())]
        """,
    ],
    "run-all": [
        """
        import subprocess, sys
        class Convert:
            def __init__(self, *argv):
                self.argv = argv
            def __call__(self, data):
                p = subprocess.Popen(self.argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                out, _ = p.communicate(data)
                return int(out)
        convert = Convert(sys.executable, "-S", "-c", "print(len(input()))")
        sizes = {n: convert(b"x" * (n + 1)) for n in range(4)}
        """,
        """
        import subprocess
        def convert(name):
            return subprocess.run(["true", name], check=True).returncode
        for name in "abcd":
            convert(name)
        """,
    ],
    "cache": [
        """
        class Kind:
            @staticmethod
            def of(text):
                return sum(ord(each) * n for n, each in enumerate(text * 50))
        total = 0
        for n in range(400):
            total += Kind.of(str(n % 7))
        """,
        """
        from datetime import datetime
        def parse(text):
            return datetime.strptime(text, "%Y-%m-%d")
        days = sorted([f"2020-01-{n % 20 + 1:02d}" for n in range(300)], key=parse)
        """,
        """
        def weights(n):
            return [i * i % 7 for i in range(n)]
        def score(k, n):
            return sum(weight * k for weight in weights(n))
        total = sum(score(k, 200) for k in range(300))
        """,
        """
        def cost(a, b):
            return sum(abs(a - b) for _ in range(50))
        total = 0
        for n in range(300):
            total += cost(n % 3, n % 4)
        """,
        """
        def ways(n):
            return 1 if n < 2 else ways(n - 1) + ways(n - 2)
        ways(15)
        """,
    ],
    "dataframe-columns": [
        """
        import pandas as pd
        def net(rows, kind):
            return sum(row["a"] * 2 for _, row in rows if row["b"] == kind)
        table = pd.DataFrame({"a": range(500), "b": [n % 3 for n in range(500)]})
        total = net(table.iterrows(), 1)
        """,
        """
        import pandas as pd
        table = pd.DataFrame({"x": range(400), "y": range(400)})
        gains = []
        i = 0
        while i < len(table):
            gains.append(table["x"].iloc[i] * table["y"].iloc[i])
            i += 1
        """,
        """
        import pandas as pd
        table = pd.DataFrame({"x": range(400), "y": range(400)})
        total = sum(row["x"] * row["y"] for row in table[table.x > 1].to_dict("records"))
        """,
        """
        import pandas as pd
        table = pd.DataFrame({"x": range(400), "y": range(400)})
        table["z"] = table.assign(w=1).apply(lambda row: row.x + row.w, axis="columns")
        """,
        """
        import pandas as pd
        def bmi(row):
            return row["mass"] / row["height"] ** 2
        people = pd.DataFrame({"mass": [70.0] * 400, "height": [1.7] * 400})
        people["bmi"] = people.apply(bmi, axis=1)
        """,
        """
        import pandas as pd
        stops = pd.DataFrame({"x": [1.0, 2.0] * 200})
        steps = []
        last = 0.0
        for stop in stops.itertuples():
            steps.append(stop.x - last)
            last = stop.x
        """,
    ],
    "memory": [
        """
        import tempfile
        path = tempfile.mktemp()
        with open(path, "w") as target:
            target.write("one line\\n" * 20_000)
        def load(path):
            with open(path) as source:
                return source.read().split()
        load(path)
        """,
    ],
}

INNOCENT = {
    "a sort whose keys are worked out first": """
        import numpy as np
        call = np.arange(400_000) * 7919 % 1009
        order = np.lexsort((call % 109, (call - 18) // 5, call ^ 3))
        """,
    "elements that leave a long list at any place": """
        def count_out(n, step):
            ring, at, order = list(range(n)), 0, []
            while len(ring) > 1:
                at = (at + step) % len(ring)
                order.append(ring.pop(at))
                step = step * 5 % 10_007 + 1
            return order
        count_out(9000, 3)
        """,
    "programs that append to the file that they read": """
        import subprocess, sys, tempfile
        from pathlib import Path
        STEP = "import sys; open(sys.argv[1], 'a').write(open(sys.argv[1]).read()[-1])"
        with tempfile.TemporaryDirectory() as folder:
            ledger = Path(folder, "ledger")
            ledger.write_text("0")
            for day in range(5):
                subprocess.check_call([sys.executable, "-S", "-c", STEP, str(ledger), str(day)])
        """,
    "an answer from a book that each call changes": """
        import heapq
        BOOK = {"wheat": [], "maize": []}
        def quote(crop, tons):
            cost, book = 0, BOOK[crop]
            for _ in range(tons):
                price = heapq.heappop(book)
                cost += price
                heapq.heappush(book, price * 3 % 71)
            return cost
        for n in range(90):
            for crop in BOOK:
                heapq.heappush(BOOK[crop], n % 11)
                heapq.heappush(BOOK[crop], n % 5)
                quote(crop, 2)
        """,
    "counts that each round looks at": """
        URN = {"a": 10, "b": 10, "c": 10}
        def allocate(ticket):
            ticket = ticket * 7 % sum(URN.values())
            for arm, balls in URN.items():
                if ticket < balls:
                    break
                ticket -= balls
            for other in URN:
                if other != arm:
                    URN[other] += 1
            return arm
        arms = list(map(allocate, range(900)))
        """,
    "a power of a sparse matrix, which is dense": """
        import numpy as np
        def pairing(n):
            m = np.zeros((n, n))
            for child in range(n):
                m[child, (child * 7) % n] = m[child, (child * 3 + 1) % n] = 0.5
            return m
        share = np.linalg.matrix_power(pairing(220), 12)
        """,
    "a queue that is sorted": """
        import bisect
        class Jobs:
            def __init__(self):
                self.waiting = list(range(400))
            def run(self):
                for n in range(400):
                    job = self.waiting.pop(0)
                    bisect.insort(self.waiting, job + n % 7)
        Jobs().run()
        """,
    "an open file that can't go to another process": """
        def words(n, text):
            return str(n) + str(text)
        text = open(__file__)
        counts = [words(n, text) for n in range(12)]
        text.close()
        """,
    "an object with a lock, which can't go to another process": """
        import threading
        class Job:
            def __init__(self, n):
                self.n, self.lock = n, threading.Lock()
        def words(job):
            return str(job.n)
        jobs = [Job(n) for n in range(12)]
        counts = [words(job) for job in jobs]
        """,
    "what is looked for stands near the head": """
        names = ["milk", "bread"] + [str(n) for n in range(5000)]
        hits = 0
        for n in range(600):
            name = names[n % 2]
            if name in names:
                hits += 1
        """,
    "arguments that take as long to send as the calls": """
        import random
        def above(values, limit):
            found = 0
            for value in values:
                if value > limit:
                    found += 1
            return str(found)
        values = [str(random.random()) for _ in range(200_000)]
        for limit in "0123456789":
            above(values, limit)
        """,
    "an object that takes as long to send as its method's calls": """
        import numpy as np
        class Gauge:
            def __init__(self, n):
                self.raw = {str(k): np.zeros(n // 8) for k in range(8)}
                self.all = np.zeros(n)
            def moment(self, drift):
                return str(drift) + str(self.all[drift])
        gauge = Gauge(4_000_000)
        moments = [gauge.moment(drift) for drift in range(12)]
        """,
    "a sum to the cent": """
        import numpy as np
        prices = np.round(np.random.default_rng(0).uniform(1, 99, 300_000), 2)
        taxed = prices * 1.19 + 0.01
        text = f"{taxed.sum():.2f}"
        """,
    "a program that reads what the last one wrote": """
        import os, subprocess, tempfile
        folder = tempfile.mkdtemp()
        last = os.path.join(folder, "0")
        open(last, "w").close()
        for n in range(4):
            new = os.path.join(folder, str(n + 1))
            subprocess.run(["cp", last, new], check=True)
            last = new
        """,
    "the same file in each round": """
        import tempfile
        path = tempfile.mktemp()
        def load(path):
            with open(path) as source:
                return source.read()
        def store(path, text):
            with open(path, "w") as target:
                target.write(text)
        store(path, "0")
        for n in range(50):
            store(path, str(int(load(path)) + n))
        """,
    "another list in each round": """
        rows = [list(range(n, n + 60)) for n in range(400)]
        hits = 0
        for row in rows:
            if 5 in row:
                hits += 1
        """,
    "a list whose items change": """
        recent = list(range(50))
        for n in range(3000):
            if n not in recent:
                recent[n % 50] = n
        """,
    "what has grown is read in each round": """
        import numpy as np
        basis = np.ones((1, 30))
        for n in range(100):
            score = basis @ np.ones(30)
            basis = np.vstack([basis, score.mean() * np.ones((1, 30))])
        """,
    "the count so far is used by the caller": """
        class Book:
            def __init__(self):
                self.counts = {}
            def note(self, word):
                self.counts[word] = self.counts.get(word, 0) + 1
        book = Book()
        top = 0
        for word in ["a", "b"] * 2000:
            book.note(word)
            top = max(top, book.counts[word])
        """,
    "a few rows of a long table": """
        import pandas as pd
        table = pd.DataFrame({"x": range(400)})
        for row in table.head(5).itertuples():
            row.x
        """,
    "rows with effects": """
        import pandas as pd
        table = pd.DataFrame({"x": range(400)})
        for row in table.itertuples():
            print(end="")
        """,
    "a table that changes between the calls": """
        TABLE = {}
        def cost(key):
            return sum(TABLE.get(key % 3, 0) for _ in range(100))
        for n in range(300):
            cost(n % 5)
            TABLE[n % 3] = n
        """,
    "a field that changes between the calls": """
        class Shop:
            def __init__(self):
                self.stock = {}
            def value(self, key):
                return sum(self.stock.get(key, 0) for _ in range(100))
            def sell(self, key):
                self.stock[key] = self.stock.get(key, 0) + 1
        shop = Shop()
        for n in range(300):
            shop.value(n % 5)
            shop.sell(n % 3)
        """,
    "integers beyond 64 bits": """
        def spread(count):
            state, total = 12345, 0
            for _ in range(count):
                state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
                total += state >> 60
            return total
        spread(4000)
        """,
    "a loop of the library's random numbers": """
        import random
        def walk(count):
            place = 0
            for _ in range(count):
                place += random.choice((-1, 1))
            return place
        walk(5000)
        """,
    "ten digits wanted": """
        import numpy as np
        rng = np.random.default_rng(0)
        one, other = rng.normal(size=(400, 400)), rng.normal(size=(400, 400))
        product = one @ other
        text = f"{product.trace():.9e}"
        """,
    "a fine tolerance": """
        import numpy as np
        points = np.random.default_rng(0).normal(size=(4000, 90))
        rest = points - (points @ points[:3].T) @ points[:3]
        check = bool(abs(rest).max() < 1e-8)
        """,
    "many small batches": """
        def slow(x):
            return sum(i * x for i in range(3000))
        for n in range(200):
            best = max(range(9 * n, 9 * n + 9), key=slow)
        """,
    "a test that waits": """
        import time
        def poll(job):
            time.sleep(0.002)
            return job > 15
        job = 0
        while not poll(job):
            job += 1
        """,
    "a session's next token": """
        import time
        class Session:
            def __init__(self):
                self.token = 0
            def call(self, key):
                time.sleep(0.002)
                self.token = hash((self.token, key))
                return self.token
        session = Session()
        answers = [session.call(key) for key in range(30)]
        """,
    "a set already": """
        known = {str(n) for n in range(500)}
        hits = [n for n in range(600) if str(n) in known]
        """,
    "a short list": """
        known = [1, 2, 3]
        hits = [n for n in range(600) if n in known]
        """,
    "the count so far is used": """
        counts = {}
        names = []
        for word in ["a", "b"] * 2000:
            counts[word] = counts.get(word, 0) + 1
            names.append(counts[word])
        """,
    "a sum, no count": """
        sums = {}
        for number in range(3000):
            sums[number % 7] = sums.get(number % 7, 0) + number
        """,
    "a string grown in place": """
        def text(count):
            out = ""
            for n in range(count):
                out += "piece "
            return out
        text(500)
        """,
    "an array added in place": """
        total = 0.0
        for n in range(1000):
            total = total + 1.5 * n
        """,
    "a short queue": """
        recent = []
        for n in range(3000):
            recent.append(n)
            if len(recent) > 5:
                recent.pop(0)
        """,
    "a loop over strings": """
        import numpy as np
        names = np.array(["a b", "c d"] * 3000, dtype=object)
        out = np.empty(len(names), dtype=object)
        for i in range(len(names)):
            out[i] = names[i].split()[0]
        """,
    "times with many digits": """
        import numpy as np
        times = 1.7e9 + np.arange(300_000) * 0.1
        minute = np.floor(times / 60.0)
        """,
    "a dense matrix": """
        import numpy as np
        values = np.maximum(np.random.default_rng(0).normal(size=(300, 300)), 0).astype(np.float32)
        values @ values
        """,
    "one generator for all": """
        import random
        random.seed(1)
        def play(target):
            return sum(random.random() for _ in range(target))
        scores = [play(50 + n) for n in range(30)]
        """,
    "a fresh object each time": """
        def blank(kind):
            return {"kind": kind, "lines": [sum(range(100))]}
        for n in range(200):
            blank("web")["kind"] = n
        """,
    "each program needs the last": """
        import subprocess
        text = "a"
        for n in range(4):
            done = subprocess.run(["cat"], input=text, capture_output=True, text=True)
            text = done.stdout
        """,
    "a token for the next page": """
        import time
        def page(token):
            time.sleep(0.001)
            return token + 1
        token = 0
        while token < 30:
            token = page(token)
        """,
    "sleeps that space something": """
        import time
        seen = []
        for n in range(20):
            seen.append(n)
            time.sleep(0.001)
        """,
    "rows that need the rows before": """
        import pandas as pd
        moves = pd.DataFrame({"x": [1.0, -2.0] * 200})
        level = 0.0
        for move in moves.itertuples():
            level = max(0.0, level * 0.9 + move.x)
        """,
    "whole columns": """
        import pandas as pd
        table = pd.DataFrame({"x": [1.0] * 400, "y": [2.0] * 400})
        spread = table.apply(lambda column: column.max() - column.min())
        """,
}


@pytest.fixture(autouse=True)
def _needs() -> None:
    pytest.importorskip("numpy")


@pytest.mark.parametrize(
    ("technique", "text"),
    [(technique, text) for technique, texts in HOT.items() for text in texts],
)
def test_a_hot_spot_is_named(technique: str, text: str, tmp_path: Path) -> None:
    if "pandas" in text:
        pytest.importorskip("pandas")
    found = advice_of(tmp_path, text, memory=100_000 if technique == "memory" else None)
    assert technique in [each.technique for each in found]
    advice = next(each for each in found if each.technique == technique)
    ast.parse(advice.after)
    assert advice.before.strip()
    assert len(advice.evidence) > 1
    assert 1 < advice.ceiling <= advice.limit


@pytest.mark.parametrize("text", INNOCENT.values(), ids=INNOCENT.keys())
def test_a_look_alike_is_left_alone(text: str, tmp_path: Path) -> None:
    if "pandas" in text:
        pytest.importorskip("pandas")
    assert [each.technique for each in advice_of(tmp_path, text)] == []


def test_a_cold_spot_gets_no_advice(tmp_path: Path) -> None:
    source = textwrap.dedent(HOT["membership-set"][0])
    path = str(tmp_path / "script.py")
    Path(path).write_text(source)

    class Elsewhere(Everywhere):
        def stacks(self) -> list[tuple[Stack, float]]:
            return [(((path, "<module>", 1),), 0.95), (((path, "<module>", 5),), 0.05)]

    def observed(wishes: Iterable[Wish]) -> Observations:
        return observe.collect(path, [], wishes)

    assert _advice.advise(path, Elsewhere(path, source, 1.0), observed) == []


POOLS = """
import numpy as np
from concurrent.futures import ThreadPoolExecutor

def solve(seed):
    a = np.random.default_rng(seed).normal(size=(60, 60))
    return float(np.linalg.svd(a)[1][0])

def run(count):
    with ThreadPoolExecutor(max_workers=2) as pool:
        futures = [pool.submit(solve, seed) for seed in range(count)]
        return [each.result() for each in futures]
run(4)
"""


def test_blas_in_workers_gets_one_thread_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The script, which runs in this process, sets it: it is taken back at the end.
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    assert "blas-threads" in [each.technique for each in advice_of(tmp_path, POOLS)]
    limited = 'import os\nos.environ["OPENBLAS_NUM_THREADS"] = "1"\n' + POOLS
    assert advice_of(tmp_path, limited) == []


@pytest.mark.parametrize(
    ("size", "count", "named"), [(1, 3000, True), (64, 3000, False), (1, 8, False)]
)
def test_only_tiny_tasks_in_tiny_chunks_are_named(
    size: int, count: int, named: bool, tmp_path: Path
) -> None:
    # A pool of another process would run this file: a class with the same methods does.
    text = f"""
    class Pool:
        def __init__(self, processes):
            self.processes = processes
        def map(self, function, values, chunksize):
            return [function(value) for value in values]
    def square(x):
        return x * x
    pool = Pool(2)
    squares = pool.map(square, range({count}), chunksize={size})
    """
    found = advice_of(tmp_path, text, seconds=0.3)
    assert ("chunksize" in [each.technique for each in found]) == named


def test_what_takes_long_to_come_is_not_counted_faster(tmp_path: Path) -> None:
    source = textwrap.dedent(
        """
        counts = {}
        for word in slow():
            counts[word] = counts.get(word, 0) + 1
        """
    )
    path = str(tmp_path / "script.py")
    text = "def slow():\n    return ['a', 'b'] * 2000\n" + source
    Path(path).write_text(text)

    class Shares(Everywhere):
        own = 0.1

        def stacks(self) -> list[tuple[Stack, float]]:
            head = ((path, "<module>", 5), (path, "slow", 2))
            return [(head, 1 - self.own), (((path, "<module>", 6),), self.own)]

    def named(own: float) -> list[str]:
        shares = Shares(path, text, 1.0)
        shares.own = own
        found = _advice.advise(path, shares, lambda wishes: observe.collect(path, [], wishes))
        return [each.technique for each in found]

    assert (named(0.1), named(0.8)) == ([], ["counter"])


def test_a_tally_of_requests_asks_for_a_lock(tmp_path: Path) -> None:
    text = next(text for text in HOT["threads"] if "self.calls += 1" in text)
    needs = {each.needs for each in advice_of(tmp_path, text) if each.technique == "threads"}
    assert needs == {"a lock around self.calls"}


@pytest.mark.parametrize(("chunk", "named"), [(2, True), (200, False)])
def test_the_size_of_a_chunk_may_have_a_name(chunk: int, named: bool, tmp_path: Path) -> None:
    text = f"""
    class Pool:
        def __init__(self, processes):
            self.processes = processes
        def imap(self, function, values, chunksize=1):
            return map(function, values)
    def square(x):
        return x * x
    CHUNK = {chunk}
    where = [(n,) for n in range(3000)]
    pool = Pool(2)
    total = sum(pool.imap(square, (n + 1 for n, in where), CHUNK))
    """
    found = advice_of(tmp_path, text, seconds=0.3)
    assert ("chunksize" in [each.technique for each in found]) == named


def test_tiny_matrices_are_no_work_for_blas_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    text = """
    import threading
    import numpy as np
    out = {{}}
    def work(seed):
        a = np.random.default_rng(seed).normal(size=({n}, {n}))
        out[seed] = (a @ a).trace()
    workers = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    """
    for n, named in ((80, True), (8, False)):
        found = advice_of(tmp_path, text.format(n=n))
        assert ("blas-threads" in [each.technique for each in found]) == named


WORKERS = """
import multiprocessing
import numpy as np

def work(seed):
    a = np.random.default_rng(seed).normal(size=(SIZE, SIZE))
    return float((a @ a).trace())

if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(2) as pool:
        traces = list(pool.map(work, range(6)))
"""


@pytest.mark.parametrize(("size", "named"), [(80, True), (8, False)])
def test_what_forked_workers_have_is_seen(
    size: int, named: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    path, source = str(tmp_path / "script.py"), WORKERS.replace("SIZE", str(size))
    Path(path).write_text(source)
    # In a process of its own, which has no other threads when it forks.
    found = _advice.advise(
        path, Everywhere(path, source, 1.0), lambda wishes: _run.observe(path, [], wishes, 60.0)
    )
    assert ("blas-threads" in [each.technique for each in found]) == named


def test_how_far_a_test_for_membership_looks(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "class Odd:\n    def __eq__(self, other):\n        raise RuntimeError\n"
        "names, odd = ['a', 'b', 'c'], [Odd()]\n"
        "for name in 'abz':\n    x = name in names\n    y = name in odd[1:]\n"
    )
    scans = [observe.Scans(6, 6, "name", "names"), observe.Scans(7, 7, "name", "odd")]
    assert observe.wishes_from_json(observe.wishes_to_json(scans)) == scans
    seen = observe.collect(str(script), [], scans)
    assert [look["value"] for look in seen[scans[0]].looks["names"]] == [1, 2, 3]
    assert seen[scans[1]].looks == {}  # its comparison is code of the user's


def test_observations_travel_as_text(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "def f(x):\n    return [x]\nvalues = []\nfor n in range(9):\n    values.append(f(n % 2))\n"
    )
    wishes: list[Wish] = [Names(5, 5, ("values",)), Calls(1, "f")]
    asked = observe.wishes_from_json(observe.wishes_to_json(wishes))
    assert asked == wishes
    seen = Observations.from_json(observe.collect(str(script), [], asked).to_json())
    assert seen[wishes[0]].events == 9
    assert seen[wishes[0]].longest("values") == 9
    calls = seen[wishes[1]]
    assert (calls.events, calls.different, calls.types("return")) == (9, 2, {"list"})


def test_a_script_that_fails_is_observed_up_to_there(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("for n in range(5):\n    x = n\nraise SystemExit(3)\n")
    wish = Names(2, 2, ("n",))
    assert observe.collect(str(script), [], [wish])[wish].events == 5


def test_names_are_resolved_through_imports() -> None:
    model = Model("from numpy import append as grow\nimport pandas as pd\ngrow(pd.DataFrame, 1)\n")
    [call] = model.calls
    assert model.called(call) == "numpy.append"
    assert model.dotted(call.args[0]) == "pandas.DataFrame"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("return x + 1", None),
        ("y = []\n    y.append(x)\n    return y", None),
        ("x.append(1)", "it calls x.append"),
        ("print(x)", "it calls print"),
        ("global z\n    z = x", "it changes the name z outside"),
        ("import random\n    return random.random()", "it calls random.random"),
        ("seen[x] = 1", "it changes seen[x]"),
    ],
)
def test_purity(body: str, why: str | None) -> None:
    model = Model(f"seen = {{}}\ndef f(x):\n    {body}\n")
    assert model.impurity(model.functions["f"][0]) == why


def test_a_helper_may_change_what_its_caller_made() -> None:
    model = Model(
        "def fill(a, n):\n    a.append(n)\ndef make(n):\n    a = []\n    fill(a, n)\n    return a\n"
    )
    assert model.impurity(model.functions["fill"][0]) == "it calls a.append"
    assert model.impurity(model.functions["make"][0]) is None


def test_carried_names() -> None:
    loop = ast.parse("for x in xs:\n    y = x\n    if y:\n        z = y\n    total += z\n").body[0]
    assert isinstance(loop, ast.For)
    assert carried(loop) == {"total", "z"}
