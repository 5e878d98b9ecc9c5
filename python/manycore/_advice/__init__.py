"""The advisor: from hot lines to the technique that helps there, with its evidence and ceiling."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator

from manycore._advice.candidate import Candidate, Heat
from manycore._advice.observe import Observations, Wish
from manycore._advice.scopes import Model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from manycore._advice.candidate import Profiled
    from manycore._advice.rewrite import Proof, Rewrite

LEAST = 0.08
"""Share of the time, imports left out, under which a spot is not worth advice."""


@dataclasses.dataclass(frozen=True)
class Advice:
    """
    A technique for a spot.

    Attributes
    ----------
    file, line, last_line
        The spot.
    technique : str
        The technique's short name, like ``"membership-set"``.
    title : str
        The advice in a few words.
    evidence : tuple of str
        What speaks for it, from the text and from a run.
    before, after : str
        Lines of the script, and what to write instead.
    share : float
        Share of the whole time that the spot takes.
    ceiling : float
        Speed-up of the whole script, by Amdahl's law, when the spot gets faster by the factor that
        is usual for the technique.
    limit : float
        Speed-up of the whole script if the spot took no time at all.
    needs : str
        What it takes.
    rewrite : Rewrite or None
        The same for a whole function or block, which can be run; None where it takes a person.
    proof : Proof or None
        What a measurement said.
    """

    file: str
    line: int
    last_line: int
    technique: str
    title: str
    evidence: tuple[str, ...]
    before: str
    after: str
    share: float
    ceiling: float
    limit: float
    needs: str = "nothing"
    rewrite: Rewrite | None = None
    proof: Proof | None = None


def candidates(model: Model, heat: Heat, memory: int | None = None) -> list[Candidate]:
    """
    Find the spots that look as if a technique would help.

    Parameters
    ----------
    model : Model
        The script's text.
    heat : Heat
        Where its time goes.
    memory : int, optional
        Bytes that the script's data may take. By default, the machine's memory.
    """
    from manycore._advice import cache, containers, counting, frames, numbers, parallel, pools
    from manycore._advice import memory as memory_rules

    found: list[Candidate] = []
    for family in (containers, counting, numbers, frames, parallel, pools, cache):
        for rule in family.RULES:
            found.extend(each for each in rule(model, heat) if each.share >= LEAST)
    found.extend(memory_rules.whole_files(model, heat, memory))
    return found


def advise(
    file: str,
    profile: Profiled,
    observe: Callable[[Iterable[Wish]], Observations],
    *,
    source: str | None = None,
    memory: int | None = None,
) -> list[Advice]:
    """
    Return advice for a script, what helps most first.

    Parameters
    ----------
    file : str
        The script.
    profile : Profile
        Where its time goes.
    observe : function
        Runs the script once more and looks at what is wished for: `observe(wishes)`.
    source : str, optional
        The script's text; read from the file by default.
    memory : int, optional
        Bytes that the script's data may take. By default, the machine's memory.
    """
    if source is None:
        import tokenize

        with tokenize.open(file) as stream:
            source = stream.read()
    model = Model(source, file)
    heat = Heat(profile, file)
    found = candidates(model, heat, memory)
    if not found:
        return []
    observations = observe(dict.fromkeys(wish for each in found for wish in each.wishes))
    whole = heat.busy / heat.total if heat.total else 0.0
    kept = []
    for each in found:
        seen = each.judge(observations)
        if seen is not None:
            kept.append(_advice(model, each, tuple(seen), each.share * whole))
    kept.sort(key=lambda advice: -advice.share * advice.ceiling)
    return list(_distinct(kept))


def _advice(model: Model, found: Candidate, seen: tuple[str, ...], share: float) -> Advice:
    rest = max(1 - share, 1e-3)
    return Advice(
        file=model.file,
        line=found.first,
        last_line=found.last,
        technique=found.technique,
        title=found.title,
        evidence=(*found.evidence, *seen),
        before=model.segment(found.first, found.last),
        after=found.after,
        share=share,
        ceiling=1 / (rest + share / found.factor),
        limit=1 / rest,
        needs=found.needs,
    )


def _distinct(advice: Iterable[Advice]) -> Iterator[Advice]:
    """Leave out what says the same of the same lines, and what another technique makes needless."""
    kept: list[Advice] = []
    for each in advice:
        near = [
            other for other in kept if other.line <= each.last_line and each.line <= other.last_line
        ]
        if not any(other.technique == each.technique for other in near):
            kept.append(each)
            yield each
