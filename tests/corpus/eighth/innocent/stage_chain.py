"""A word passed through sound laws, each its own little filter program."""
import subprocess
import sys

LAWS = [("p", "f"), ("t", "th"), ("k", "h"), ("b", "p"), ("d", "t"), ("g", "k"),
        ("a", "o"), ("e", "i"), ("o", "u"), ("s", "z"), ("m", "n"), ("w", "v")]

FILTER = """
import sys
old, new = sys.argv[1:3]
text = sys.stdin.read()
for _ in range(15000):
    text = text.replace(old, new, 3)[1:] + text[:1]
sys.stdout.write(text[:4000])
"""


def law(text, old, new):
    done = subprocess.run(
        [sys.executable, "-S", "-c", FILTER, old, new],
        input=text, capture_output=True, text=True, check=True,
    )
    return done.stdout


text = "pater mater bhrater dekmt kwetwores genos wodr " * 40
for old, new in LAWS:
    text = law(text, old, new)
print(len(text), text[:47].strip())
