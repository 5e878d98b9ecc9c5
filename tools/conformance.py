"""
Runs the public array-api-tests suite against `manycore.array`.

The suite is on no registry: it is read from a checkout, with its submodule. Tests that can't pass
are listed, each with its reason, in ``conformance-xfails.txt`` beside this file.

This file is the script, and the pytest plugin that the script hands to pytest.

Examples
--------
``python tools/conformance.py ../array-api-tests`` runs everything, in some minutes;
``python tools/conformance.py ../array-api-tests -k linalg`` runs a part: what follows the path is
for pytest.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

VERSION = "2024.12"
XFAILS = Path(__file__).with_name("conformance-xfails.txt")


def pytest_addoption(parser: Any) -> None:
    """Have failures reported as they are found: to shrink them first would take an hour."""
    from hypothesis import Phase, settings

    # Now, as the suite's own profile, made later, takes on what the present one says.
    settings.register_profile("unshrunk", phases=(Phase.explicit, Phase.generate), database=None)
    settings.load_profile("unshrunk")


def main(words: list[str]) -> int:
    """Run the suite in a checkout; return pytest's exit status."""
    if not words:
        print("give the path to a checkout of data-apis/array-api-tests", file=sys.stderr)
        return 2
    checkout, *options = words
    suite = Path(checkout).absolute()
    if not (suite / "array_api_tests").is_dir():
        print(f"{suite} is no checkout of data-apis/array-api-tests", file=sys.stderr)
        return 2
    if not (suite / "array-api" / "spec" / VERSION).is_dir():
        print(
            f"{suite} lacks its submodule: run `git submodule update --init` there",
            file=sys.stderr,
        )
        return 2
    environment = os.environ | {
        "ARRAY_API_TESTS_MODULE": "manycore.array",
        "ARRAY_API_TESTS_VERSION": VERSION,
        "PYTHONPATH": os.pathsep.join(
            [str(Path(__file__).parent.absolute()), *filter(None, [os.getenv("PYTHONPATH")])]
        ),
    }
    command = [sys.executable, "-m", "pytest", "-p", "conformance", "-p", "no:cacheprovider"]
    command += ["--disable-deadline", "--hypothesis-derandomize", "-W", "ignore::UserWarning"]
    command += [f"--xfails-file={XFAILS}", "--quiet", "--tb=short", "-rfX"]
    if not any(option.startswith("array_api_tests") for option in options):
        options.append("array_api_tests")
    return subprocess.run([*command, *options], cwd=suite, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
