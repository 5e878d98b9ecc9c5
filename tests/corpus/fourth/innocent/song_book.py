import re
import tempfile
from pathlib import Path


def compose(path, songs):
    rows = []
    for s in range(songs):
        rows.append(f"# Song {s} in {'CDEFGAB'[s % 7]}")
        rows += [f"[{'CDEFGAB'[(s + k) % 7]}{'m' if k % 3 else ''}] line {k} of the verse {s}" for k in range(12)]
    path.write_text("\n".join(rows))


def chords(path, key):
    text = path.read_text()
    songs = re.split(r"^# ", text, flags=re.M)[1:]
    return sum(len(re.findall(rf"\[{key}m?\]", s)) for s in songs if s.split("\n", 1)[0].endswith(key))


with tempfile.TemporaryDirectory() as d:
    book = Path(d) / "songs.txt"
    compose(book, 26_000)
    print({k: chords(book, k) for k in "CDEFGAB"}, book.stat().st_size)
