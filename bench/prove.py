"""
`manycore advise --prove` on the advisor's corpus: mechanical rewrites, run against the old code.

For each planted hot spot the technique that it waits for, and for each look-alike the technique
that it must not get. Every kept one has a measured speed-up and an equal result, so that what
counts is how many of the first are kept, and that none of the second is. Run it as
``python bench/prove.py [--kind hot|innocent] [--corpus FOLDER] [--technique NAME] [NAME ...]``.
"""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path
from typing import Any

from measurement import RESULTS, store

from manycore._advice.mechanical import alternatives
from manycore._advice.prove import first_proved

CORPUS = Path(__file__).resolve().parent.parent / "tests" / "corpus"


def row(case: dict[str, Any], corpus: Path) -> dict[str, Any]:
    """Rewrite and prove one script."""
    script, technique = corpus / case["file"], case["technique"]
    first, last = case["line"]
    rewrites = list(alternatives(script.read_text(encoding="utf-8"), technique, first, last))
    [(rewrite, proof)] = first_proved([(technique, rewrites)], str(script), budget=1.0)
    return {
        "file": case["file"],
        "technique": technique,
        "rewritten": rewrite is not None,
        "kept": proof.stands,
        "speedup": round(proof.speedup, 2),
        "interval": [round(proof.low, 2), round(proof.high, 2)],
        "verdict": proof.verdict,
        "reason": proof.reason,
    }


def main() -> None:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=("hot", "innocent"), default="hot")
    parser.add_argument("names", nargs="*", help="only scripts with these in their names")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="a folder with a manifest")
    parser.add_argument("--technique", help="only this one")
    arguments = parser.parse_args()
    manifest = tomllib.loads((arguments.corpus / "manifest.toml").read_text(encoding="utf-8"))
    rows = []
    for case in manifest["case"]:
        names = arguments.names or [""]
        if arguments.technique not in (None, case["technique"]):
            continue
        if case["kind"] == arguments.kind and any(name in case["file"] for name in names):
            rows.append(row(case, arguments.corpus))
            print(rows[-1], flush=True)
    rewritten = sum(each["rewritten"] for each in rows)
    kept = sum(each["kept"] for each in rows)
    print(f"{arguments.kind}: {len(rows)} scripts, {rewritten} rewritten, {kept} kept")
    if not (arguments.names or arguments.technique) and arguments.corpus == CORPUS:
        store(RESULTS / f"prove-{arguments.kind}.json", {"rows": rows})


if __name__ == "__main__":
    main()
