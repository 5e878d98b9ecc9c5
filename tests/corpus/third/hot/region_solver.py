import json
import subprocess
import sys

SOLVER = """
import json, math, sys
job = json.load(sys.stdin)
x = job['x']
for k in range(400000):
    x = math.sin(x) * 1.7 + job['k'] * 0.1
json.dump({'id': job['id'], 'x': round(x, 9)}, sys.stdout)
"""


def solve(region):
    payload = json.dumps(region)
    raw = subprocess.check_output([sys.executable, "-S", "-c", SOLVER], input=payload, text=True)
    return json.loads(raw)["x"]


def regions(n):
    return [{"id": f"r{i}", "x": 0.1 * i, "k": i % 5} for i in range(n)]


def main():
    todo = regions(14)
    answers = [solve(r) for r in todo]
    spread = max(answers) - min(answers)
    print(len(answers), f"{spread:.6f}", f"{sum(answers):.6f}")


if __name__ == "__main__":
    main()
