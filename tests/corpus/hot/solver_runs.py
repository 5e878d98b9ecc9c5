import sys
from subprocess import PIPE, Popen

SOLVER = "import sys\nn = int(sys.stdin.read())\nprint(sum(i * i % n for i in range(1, 150000)))"


def cases(count):
    return [101 + 2 * number for number in range(count)]


def solve_all(waiting):
    answers = {}
    while waiting:
        case = waiting.pop()
        solver = Popen([sys.executable, "-I", "-S", "-c", SOLVER], stdin=PIPE, stdout=PIPE, text=True)
        output, _ = solver.communicate(str(case))
        answers[case] = int(output)
    return answers


answers = solve_all(cases(22))
print(len(answers), sum(answers.values()))
