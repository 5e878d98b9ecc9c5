"""What work costs on machines that can be rented: the results of `manycore.scaling.cost`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from manycore import _core
from manycore._laws import Parameter, _short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import PathLike
    from typing import Literal

    from manycore._laws import Cores


@dataclass(frozen=True)
class Offer:
    """
    What the work takes and costs on one type of instance.

    Attributes
    ----------
    name, region : str
    cores, vcpus : int
        Physical cores, each of which gets a worker, and hardware threads.
    gib : float
        Memory.
    gpus : str or None
        Such as ``"4 x T4"``.
    hours, usd : Parameter
        Each with its 90 % interval.
    in_time : bool
        Whether even the upper end of the hours is within the deadline.
    notes : tuple of str
        What was assumed, and that the price is old if it is.
    priced, source : str
        When the price was read, and where.
    """

    name: str
    region: str
    cores: int
    vcpus: int
    gib: float
    gpus: str | None
    hours: Parameter
    usd: Parameter
    in_time: bool
    notes: tuple[str, ...]
    priced: str
    source: str


class Costs:
    """
    Offers, the cheapest first.

    Attributes
    ----------
    offers : tuple of Offer
        Of all types with enough memory.
    deadline : float or None
        In hours.
    """

    def __init__(self, offers: tuple[Offer, ...], deadline: float | None) -> None:
        self.offers = offers
        self.deadline = deadline

    @property
    def cheapest(self) -> Offer | None:
        """The cheapest that meets the deadline; None if none does."""
        return next((offer for offer in self.offers if offer.in_time), None)

    def words(self) -> str:
        """Say which is the cheapest."""
        best = self.cheapest
        if best is None:
            fastest = min(self.offers, key=lambda offer: offer.hours.value)
            return (
                f"none is sure to end within {self.deadline:g} h; "
                f"{fastest.name} is the fastest, with {fastest.hours} h"
            )
        within = "" if self.deadline is None else f" that ends within {self.deadline:g} h"
        return f"{best.name} is the cheapest{within}: {best.usd} USD, {best.hours} h"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = [
            [
                offer.name,
                str(offer.cores),
                _short(offer.gib),
                str(offer.hours),
                str(offer.usd),
                "yes" if offer.in_time else "no",
                "; ".join(offer.notes),
            ]
            for offer in self.offers
        ]
        return ["instance", "cores", "GiB", "hours", "USD", "in time", "notes"], rows

    def _note(self) -> str:
        dates = sorted({offer.priced for offer in self.offers})
        return (
            f"on-demand prices of {' to '.join(dict.fromkeys((dates[0], dates[-1])))}; a worker on "
            "each physical core, which is taken to be as fast as one here"
        )

    def __str__(self) -> str:
        from manycore._table import text_columns

        return "\n".join([text_columns(*self._table()), self.words(), self._note()])

    def __repr__(self) -> str:
        return f"<manycore.scaling.Costs: {self.words()}>"

    def chart(self) -> str:
        """
        Draw cost against time.

        Returns
        -------
        str
            SVG.
        """
        from manycore import _charts

        best = self.cheapest
        return _charts.cost(
            [offer.name for offer in self.offers],
            [3600 * offer.hours.value for offer in self.offers],
            [offer.usd.value for offer in self.offers],
            chosen=best.name if best else None,
        )

    def _repr_html_(self) -> str:
        from html import escape

        from manycore._table import html_columns

        heads, rows = self._table()
        said = f"<p>{escape(self.words())}</p><p>{escape(self._note())}</p>"
        return html_columns("Cost", heads, rows) + said + self.chart()


def offers(
    scaling: Cores,
    hours: float | None,
    instances: str,
    deadline: float | None,
    memory: int | str | None,
    burst: Literal["unlimited", "standard"],
    table: str | PathLike[str] | None,
) -> Costs:
    """Price what `scaling.cost` was asked for."""
    from manycore._sizes import parse_bytes

    for name, value in (("hours", hours), ("deadline", deadline)):
        if value is not None and not 0 < value < float("inf"):
            raise ValueError(f"{name} must be more than 0, not {value!r}")
    if burst not in ("unlimited", "standard"):
        raise ValueError(f"burst must be 'unlimited' or 'standard', not {burst!r}")
    path = table or os.environ.get("MANYCORE_INSTANCES")
    text = Path(path).read_text(encoding="utf-8") if path else None
    gib = None if memory is None else parse_bytes(memory) / 2**30
    rows = _core.offers(scaling._core, hours, instances, text, gib, deadline, burst == "standard")
    if not rows:
        raise ValueError(
            f"no instance that fits {instances!r} has {_short(gib or 0)} GiB of memory"
        )
    found = (
        Offer(*row[:6], Parameter(*row[6]), Parameter(*row[7]), row[8], tuple(row[9]), *row[10:])
        for row in rows
    )
    return Costs(tuple(found), deadline)
