import subprocess
import sys

ENGINE = """
import sys
move = sys.argv[1]
h = 7
for depth in range(500000):
    h = (h * 131 + ord(move[depth % 4])) % 1000003
print(move, h % 400 - 200)
"""


def launch(move):
    return subprocess.Popen([sys.executable, "-I", "-c", ENGINE, move],
                            stdout=subprocess.PIPE, text=True)


def verdicts(moves):
    engines = [launch(m) for m in moves]
    scores = {}
    for engine in engines:
        said, _ = engine.communicate()
        move, score = said.split()
        scores[move] = int(score)
    return scores


def main():
    moves = ["e2e4", "d2d4", "g1f3", "c2c4", "b2b3", "f2f4", "a2a3", "h2h4"]
    scores = verdicts(moves)
    best = max(scores, key=scores.get)
    print(best, scores[best], sum(scores.values()))


if __name__ == "__main__":
    main()
