"""``manycore scaling``: measure a function over cores or sizes, and predict."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from manycore._commands import Commands
    from manycore._laws import Cores, Prediction, Sizes
    from manycore._price import Costs


def add(commands: Commands) -> None:
    """Describe the command."""
    own = commands.add_parser(
        "scaling", help="measure a function over cores or sizes; predict time and price"
    )
    own.add_argument("function", metavar="MODULE:FUNCTION")
    over = own.add_mutually_exclusive_group()
    over.add_argument(
        "--cores", metavar="N,N", help="call it without arguments on so many cores (default: all)"
    )
    over.add_argument("--sizes", metavar="N,N", help="call it with each of these sizes")
    own.add_argument("--setup", metavar="MODULE:FUNCTION", help="makes a size's data, untimed")
    own.add_argument("--element", type=float, metavar="BYTES", help="of an element of a size")
    own.add_argument("--predict", metavar="N,N", help="on so many cores, or at such sizes")
    own.add_argument("--repeats", type=int, default=3, metavar="N", help="at least (default: 3)")
    own.add_argument("--budget", type=float, default=60.0, metavar="S", help="seconds to measure")
    own.add_argument("--instances", metavar="PATTERN", help="price it on these, such as 't3.*'")
    own.add_argument("--hours", type=float, metavar="H", help="of all the work, on one core here")
    own.add_argument("--deadline", type=float, metavar="H", help="hours in which it must end")
    own.add_argument("--memory", metavar="SIZE", help="that it needs, such as 12GB")
    own.add_argument("--html", metavar="FILE", help="write a report")
    own.add_argument("--json", action="store_true", help="print JSON")
    own.set_defaults(run=run)


def _function(name: str) -> Callable[..., Any]:
    """Import what ``module:function`` names; modules of the current folder come first."""
    from importlib import import_module

    module, colon, function = name.partition(":")
    if not (module and colon and function):
        raise ValueError(f"{name!r} is no function; write MODULE:FUNCTION")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        value: Any = import_module(module)
    except ModuleNotFoundError as error:
        raise ValueError(f"{name!r} can't be imported: {error}") from error
    for part in function.split("."):
        if not hasattr(value, part):
            raise ValueError(f"module {module!r} has no function {function!r}")
        value = getattr(value, part)
    if not callable(value):
        raise ValueError(f"{name!r} is {type(value).__name__}, not a function")
    return value  # type: ignore[no-any-return]


def _numbers(option: str, text: str | None) -> list[float]:
    try:
        return [float(number) for number in text.split(",")] if text else []
    except ValueError:
        raise ValueError(f"{option} takes numbers with commas between, not {text!r}") from None


def run(arguments: argparse.Namespace) -> int:
    """Measure, print, and write the report."""
    from manycore import scaling

    function = _function(arguments.function)
    ahead = _numbers("--predict", arguments.predict)
    many = {"repeats": arguments.repeats, "budget": arguments.budget}
    result: Cores | Sizes
    costs = None
    if arguments.sizes:
        if arguments.instances:
            raise ValueError("--instances needs --cores: a price follows from times over cores")
        setup = _function(arguments.setup) if arguments.setup else None
        sizes = _numbers("--sizes", arguments.sizes)
        result = scaling.sizes(function, sizes, setup=setup, element=arguments.element, **many)
    else:
        if arguments.setup or arguments.element:
            raise ValueError("--setup and --element go with --sizes")
        counts = _numbers("--cores", arguments.cores)
        if any(not count.is_integer() for count in counts):
            raise ValueError(f"--cores takes whole numbers, not {arguments.cores!r}")
        result = scaling.cores(function, [int(count) for count in counts] or None, **many)
        if arguments.instances:
            costs = scaling.cost(
                result,
                hours=arguments.hours,
                instances=arguments.instances,
                deadline=arguments.deadline,
                memory=arguments.memory,
            )
    predictions = [(place, result.predict(place)) for place in ahead]
    if arguments.json:
        _print_json(result, predictions, costs)
    else:
        print(result)
        for place, one in predictions:
            print(f"{_name(result, place)}: {one}")
        if costs is not None:
            print(costs)
    if arguments.html:
        _write_report(arguments.html, arguments.function, result, predictions, costs)
    return 0


def _name(result: Cores | Sizes, place: float) -> str:
    from manycore._laws import Cores

    if isinstance(result, Cores):
        return result.words(place)
    return f"at size {place:,.15g}"


def _print_json(
    result: Cores | Sizes, predictions: list[tuple[float, Prediction]], costs: Costs | None
) -> None:
    import json
    from dataclasses import asdict

    from manycore._laws import Cores

    document: dict[str, Any] = {"seconds": result.seconds, "noise": result.noise}
    if isinstance(result, Cores):
        document["cores"] = result.cores
        for law in ("amdahl", "gustafson", "usl", "karp_flatt"):
            try:
                value = getattr(result, law)
            except ValueError as error:
                document[law] = {"error": str(error)}
            else:
                document[law] = value if isinstance(value, dict) else asdict(value)
    else:
        document |= {"sizes": result.sizes, "best": result.best}
    document["predictions"] = [{"at": place, **asdict(one)} for place, one in predictions]
    if costs is not None:
        document["offers"] = [asdict(offer) for offer in costs.offers]
    print(json.dumps(_finite(document), indent=2))


def _finite(value: Any) -> Any:
    """Replace what JSON has no number for by null."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    infinite = isinstance(value, float) and value in (float("inf"), float("-inf"))
    return None if infinite or value != value else value


def _write_report(
    path: str,
    title: str,
    result: Cores | Sizes,
    predictions: list[tuple[float, Prediction]],
    costs: Costs | None,
) -> None:
    from manycore import _report

    sentences = result._sentences()[:-1]
    sentences += [f"{_name(result, place)}: {one}" for place, one in predictions]
    heads, rows = result._table()
    parts = [
        ("Answer", _report.words(sentences)),
        ("Pictures", _report.figures([result.chart()])),
        ("Measured", _report.columns(heads, rows, left=0)),
    ]
    if costs is not None:
        priced = _report.words([costs.words(), costs._note()])
        chart = _report.figures([costs.chart()])
        parts.append(("Price", priced + chart + _report.columns(*costs._table())))
    page = _report.page(f"Scaling of {title}", parts, f"noise: {result.noise}")
    Path(path).write_text(page, encoding="utf-8")
