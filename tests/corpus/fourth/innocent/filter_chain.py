"""Sends a word list through the stages of an old typesetting chain."""
import subprocess
import sys

STAGES = [
    "import sys; print(''.join(w.capitalize() for w in sys.stdin))",
    "import sys; print(''.join(sorted(sys.stdin, key=len)))",
    "import sys; print(''.join(l.replace('e', '3') for l in sys.stdin if l.strip()))",
    "import sys; print(sum(i * len(l) for i, l in enumerate(sys.stdin)), end='')",
]


def typeset(text):
    for code in STAGES:
        text = subprocess.run(
            [sys.executable, "-c", code], input=text, capture_output=True, text=True, check=True,
        ).stdout
    return text


words = "".join(f"entry{i * i % 977} number\n" for i in range(1_500))
seal = 0
for issue in range(11):
    seal = int(typeset(words + f"issue {seal}\n"))
print("seal", seal)
