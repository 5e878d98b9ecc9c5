"""
Several calls as one: what a task of Dask's is when calls stand within calls.

Dask fuses what belongs together into one task, a small graph of its own, which is sorted and
walked each time it runs. Here the calls are put in order once for all tasks of the same shape. What
differs between these, inputs and constants, are the recipe's arguments, so that the engine sees one
function with many calls, sends it once, and can measure it.
"""

from __future__ import annotations

from manycore._bound import name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


class Recipe:
    """
    A function that makes calls one after the other and returns the last one's result.

    Values are numbered: the recipe's arguments from 0 on, constants among them, and the results of
    its calls from -1 down.

    Parameters
    ----------
    count : int
        How many arguments and constants there are.
    constants : sequence of (int, object)
        Their numbers, in order, and what they are.
    calls : sequence of tuple
        Each a function, the numbers of its arguments, and names and numbers of its keyword
        arguments.

    Examples
    --------
    >>> from operator import add, mul
    >>> recipe = Recipe(3, [(1, 10)], [(add, (0, 1), ()), (mul, (-1, 2), ())])
    >>> recipe(2, 3)
    36
    >>> recipe.__name__
    'add-mul'
    """

    __slots__ = ("constants", "steps")

    def __init__(
        self,
        count: int,
        constants: Sequence[tuple[int, Any]],
        calls: Sequence[tuple[Callable[..., Any], Sequence[int], Sequence[tuple[str, int]]]],
    ) -> None:
        def place(number: int) -> int:
            return number if number >= 0 else count + ~number

        # A value is let go of as soon as nothing needs it any more: it may be large.
        last: dict[int, int] = {}
        steps = []
        for step, (function, arguments, keywords) in enumerate(calls):
            places = [place(number) for number in arguments]
            named = [(name, place(number)) for name, number in keywords]
            last |= dict.fromkeys([*places, *dict(named).values()], step)
            steps.append((function, places, named))
        self.steps = [
            (*call, [place for place, step in last.items() if step == index])
            for index, call in enumerate(steps)
        ]
        self.constants = constants

    @property
    def __name__(self) -> str:
        # What only puts containers together says nothing.
        functions = [function for function, *_ in self.steps]
        telling = [one for one in functions if getattr(one, "__module__", "") != "dask._task_spec"]
        return "-".join(map(name_of, telling or functions[-1:]))

    def __call__(self, *arguments: Any) -> Any:
        values = list(arguments)
        for place, constant in self.constants:
            values.insert(place, constant)
        for function, places, named, over in self.steps:
            args = [values[place] for place in places]
            if named:
                kwargs = {name: values[place] for name, place in named}
                values.append(function(*args, **kwargs))
                del kwargs
            else:
                values.append(function(*args))
            del args
            for place in over:
                values[place] = None
        return values[-1]
