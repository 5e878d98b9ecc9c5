"""``manycore load``: how many requests a second a server takes."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import manycore as mc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from manycore._commands import Commands

_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0}


def _time(text: str) -> float:
    """Read ``50ms``, ``0.2s`` or a number of seconds."""
    match = re.fullmatch(r"([\d.]+)\s*(us|ms|s)?", text)
    try:
        return float(match[1]) * _UNITS[match[2] or "s"]  # type: ignore[index]
    except (TypeError, ValueError):
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 50ms") from None


def _rate(text: str) -> tuple[float, float]:
    """Read ``100`` or ``10:200``."""
    first, _, last = text.partition(":")
    try:
        return float(first), float(last or first)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no rate such as 100 or 10:200") from None


def add(commands: Commands) -> None:
    """Describe the command."""
    own = commands.add_parser("load", help="find how many requests a second a server takes")
    own.add_argument("url", metavar="URL", help="such as http://127.0.0.1:8000/predict")
    own.add_argument("-d", "--data", metavar="FILE", help="the body; - for standard input")
    own.add_argument(
        "-H", "--header", action="append", default=[], metavar="'NAME: VALUE'", help="a header"
    )
    own.add_argument("--method", help="POST if there is a body, else GET")
    own.add_argument(
        "--p99", type=_time, default=0.05, metavar="TIME", help="latency to keep (default: 50ms)"
    )
    own.add_argument(
        "--rate", type=_rate, metavar="N[:N]", help="send so many a second instead of searching"
    )
    own.add_argument(
        "--seconds", type=float, default=30.0, metavar="S", help="that it may take (default: 30)"
    )
    own.add_argument(
        "--max-requests", type=int, default=1_000_000, metavar="N", help="that it may send"
    )
    own.add_argument("--timeout", type=_time, metavar="TIME", help="to wait for an answer")
    own.add_argument("--html", metavar="FILE", help="write a report")
    own.add_argument("--json", action="store_true", help="print JSON")
    own.add_argument(
        "--i-own-this-host", action="store_true", help="ask a host other than this machine"
    )
    own.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Put load on the server, and print what it takes."""
    body = b""
    if arguments.data == "-":
        body = sys.stdin.buffer.read()
    elif arguments.data:
        body = Path(arguments.data).read_bytes()
    headers = {}
    for header in arguments.header:
        name, colon, value = header.partition(":")
        if not colon:
            raise ValueError(f"a header is 'NAME: VALUE', not {header!r}")
        headers[name.strip()] = value.strip()
    if (arguments.data or "").endswith(".json"):
        headers = {"Content-Type": "application/json"} | headers
    found = mc.load(
        arguments.url,
        body,
        method=arguments.method,
        headers=headers,
        p99=arguments.p99,
        seconds=arguments.seconds,
        max_requests=arguments.max_requests,
        timeout=arguments.timeout,
        rate=arguments.rate,
        i_own_this_host=arguments.i_own_this_host,
        watch=None if arguments.json else lambda line: print(line, file=sys.stderr),
    )
    print(found.json() if arguments.json else found)
    if arguments.html:
        Path(arguments.html).write_text(found.html(f"Load on {arguments.url}"), encoding="utf-8")
    if found.interrupted:
        return 130
    return 0 if any(stream.counts["answered"] for stream in found.streams) else 1
