"""
The measured manycore expressions, in process or as a program of their own.

As a program it imports nothing else, because its whole time and its peak memory are the result:
``python bench/pipelines.py count FOLDER`` prints ``(answer, peak)``, the peak in bytes.
"""

from __future__ import annotations

import sys

Ranking = list[tuple[str, int]]


def count(folder: str) -> int:
    """Count the words of all files below ``folder``."""
    import manycore as mc

    return int(mc.bag.read_text(folder).str.split().flatten().count().compute())


def frequencies(folder: str) -> Ranking:
    """Find the ten most frequent words, equally frequent ones in the words' order."""
    import manycore as mc

    top = mc.bag.read_text(folder).str.split().flatten().frequencies(sort=True).take(10)
    return [(str(word), int(number)) for word, number in top]


def peak_memory() -> int:
    """
    Give the most memory that this program has held.

    Not ``ru_maxrss``: Linux lets a child begin with its parent's peak.

    Returns
    -------
    int
        Bytes resident, mapped files included.
    """
    with open("/proc/self/status", encoding="utf-8") as status:  # noqa: PTH123, pathlib costs memory
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    raise OSError("/proc/self/status has no VmHWM; the peak is measured on Linux only")


def main(task: str, folder: str) -> None:
    """Do one task, and print its answer and the peak memory."""
    answer: object = None
    if task == "import":
        import manycore  # noqa: F401
    elif task == "count":
        answer = count(folder)
    elif task == "frequencies":
        answer = frequencies(folder)
    elif task != "nothing":
        raise ValueError(f"no task {task!r}; one of nothing, import, count, frequencies")
    print((answer, peak_memory()))


if __name__ == "__main__":
    main(*sys.argv[1:])
