"""``python -m manycore``: the command line, for where ``manycore`` is not on the path."""

import sys

from manycore.cli import main

if __name__ == "__main__":
    sys.exit(main())
