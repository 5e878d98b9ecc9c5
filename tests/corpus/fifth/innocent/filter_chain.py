"""Run a document through a chain of external filters."""
import subprocess
import sys

FILTERS = [
    "print(t.replace('a', 'aa'))",
    "print(t[::-1])",
    "print(''.join(c for i, c in enumerate(t) if i % 3))",
    "print(t.upper().swapcase())",
    "print(''.join(sorted(t[:200])) + t[200:])",
    "print(t.replace('e', '3')[:4000])",
]


def apply_filter(code, text):
    prog = "import sys\nt = sys.stdin.read().strip()\n"
    prog += "for _ in range(900_000): pass\n" + code
    r = subprocess.run([sys.executable, "-S", "-c", prog], input=text,
                       capture_output=True, text=True, check=True)
    return r.stdout


text = "the quick brown fox jumps over a lazy dog and reads a banana " * 40
for round_ in range(2):
    for code in FILTERS:
        text = apply_filter(code, text)
    print(round_, len(text), text[:30].strip())
