import subprocess
import sys

FILTER = """
import sys
gain, lag = int(sys.argv[1]), int(sys.argv[2])
x = [int(w) for w in sys.stdin.read().split()]
for _ in range(50):
    x = [(gain * a + x[k - lag] + 7) % 32768 for k, a in enumerate(x)]
print(*x)
"""
RACK = [("echo", 3, 40), ("chorus", 5, 9), ("fuzz", 11, 1), ("hall", 2, 300),
        ("phaser", 7, 13), ("gate", 9, 2), ("delay", 3, 777), ("limit", 13, 5)]


def through(name, gain, lag, wave):
    done = subprocess.run(
        [sys.executable, "-I", "-c", FILTER, str(gain), str(lag)],
        input=wave, capture_output=True, text=True, check=True)
    return done.stdout


def main():
    wave = " ".join(str(k * k % 32768) for k in range(9000))
    for name, gain, lag in RACK:
        wave = through(name, gain, lag, wave)
    samples = wave.split()
    print(len(samples), samples[:5], sum(map(int, samples)))


if __name__ == "__main__":
    main()
