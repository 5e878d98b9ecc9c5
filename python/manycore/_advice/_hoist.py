"""
Rewrites that make all calls of a loop at once: in worker processes, or in threads.

The calls that a loop makes one by one are taken out of it, to where a pool makes them; the loop
goes on with their results, in the same order. That asks for calls that read nothing of what the
loop changes but its own variables.
"""

from __future__ import annotations

import ast
import builtins
import copy

from manycore._advice._spot import SIMPLE, Spot, binds, dotted, expression, reads, statement

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


def pool(spot: Spot) -> bool:
    """Let worker processes make the calls."""
    return _hoist(spot, "mc.Pool()", "import manycore as mc")


def threads(spot: Spot) -> bool:
    """Let threads make the calls: they wait rather than compute."""
    return _threads(spot, 16)


def few_threads(spot: Spot) -> bool:
    """Let a few make the calls: some servers let all wait when many connect at a time."""
    return _threads(spot, 4)


def _threads(spot: Spot, count: int) -> bool:
    return side_by_side(spot, f"ThreadPoolExecutor({count})")


def side_by_side(spot: Spot, opened: str) -> bool:
    """Let an executor's threads make the calls."""
    return _hoist(spot, opened, "from concurrent.futures import ThreadPoolExecutor")


def _hoist(spot: Spot, opened: str, imported: str) -> bool:
    for rule in (_plain, _map, _comprehension, _loop):
        if spot.chain and rule(spot, opened):
            spot.imports.append(imported)
            return True
    return False


def _function(spot: Spot, call: ast.Call, target: ast.expr) -> str:
    """Write the function of one item that a call is; nothing where the item has other parts."""
    plain = len(call.args) == 1 and not call.keywords
    if plain and ast.unparse(call.args[0]) == ast.unparse(target):
        return ast.unparse(call.func)
    if isinstance(target, ast.Name):
        return f"lambda {target.id}: {ast.unparse(call)}"
    if not isinstance(target, ast.Tuple) or not all(isinstance(e, ast.Name) for e in target.elts):
        return ""
    item = spot.fresh("item")
    places = {dotted(each): number for number, each in enumerate(target.elts)}

    class Visitor(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            return expression(f"{item}[{places[node.id]}]") if node.id in places else node

    return f"lambda {item}: {ast.unparse(Visitor().visit(copy.deepcopy(call)))}"


def _within(block: list[ast.stmt], index: int, opened: str, workers: str) -> None:
    """Put a statement into a ``with`` that opens a pool."""
    opening = statement(f"with {opened} as {workers}:\n    pass")
    assert isinstance(opening, ast.With)
    opening.body = [block[index]]
    block[index] = opening


def _plain(spot: Spot, opened: str) -> bool:
    """Rewrite ``[f(x) for x in items]``."""
    for node in spot.hot((ast.ListComp, ast.GeneratorExp)):
        assert isinstance(node, (ast.ListComp, ast.GeneratorExp))
        [generator, *more] = node.generators
        call = node.elt
        if more or generator.ifs or not isinstance(call, ast.Call) or not dotted(call.func):
            continue
        block, index = spot.chain[-1]
        if _is_plain(call) or not isinstance(block[index], SIMPLE):
            continue
        function = _function(spot, call, generator.target)
        if not function:
            continue
        workers = spot.fresh("pool")
        mapped = f"{workers}.map({function}, {ast.unparse(generator.iter)})"
        wanted = f"list({mapped})" if isinstance(node, ast.ListComp) else mapped
        spot.replace(node, expression(wanted))
        _within(block, index, opened, workers)
        return True
    return False


def _is_plain(call: ast.Call) -> bool:
    """Whether a call is of Python's own, or of a pause: its time is what it is for."""
    name = dotted(call.func)
    return hasattr(builtins, name) or name.rpartition(".")[2] == "sleep"


def _map(spot: Spot, opened: str) -> bool:
    """Rewrite ``map(f, items)``, which the hot lines hold or go over."""
    block, index = spot.chain[-1]
    wanted = reads(block[index])
    makers = [
        (block, place)
        for place in range(index)
        if isinstance(block[place], ast.Assign) and binds(block[place]) & wanted
    ]
    for block, index in (*reversed(spot.chain), *reversed(makers)):
        here = block[index]
        if isinstance(here, ast.For):
            inside: ast.AST = here.iter
        elif isinstance(here, SIMPLE):
            inside = here
        else:
            continue
        for node in ast.walk(inside):
            if not isinstance(node, ast.Call) or dotted(node.func) != "map" or len(node.args) != 2:
                continue
            workers = spot.fresh("pool")
            if isinstance(here, ast.For):
                results = spot.fresh("results")
                function, items = map(ast.unparse, node.args)
                spot.replace(node, expression(results))
                made = f"{results} = list({workers}.map({function}, {items}))"
                block.insert(index, statement(f"with {opened} as {workers}:\n    {made}"))
                return True
            lazy = isinstance(here, ast.Assign) and here.value is node
            node.func = expression(f"{workers}.map")
            if lazy:  # what took an iterator still does
                spot.replace(node, expression(f"iter({ast.unparse(node)})"))
            _within(block, index, opened, workers)
            return True
    return False


def _made(
    spot: Spot, opened: str, call: ast.Call, target: ast.expr, items: str
) -> tuple[list[ast.stmt], ast.expr, ast.expr] | None:
    """
    Write the calls of all items ahead of a loop, and put their results in the call's place.

    Returned are the statements, and the loop's new target and iterable.
    """
    function = _function(spot, call, target)
    if not function:
        return None
    names = [spot.fresh(name) for name in ("items", "results", "pool", "result")]
    all_items, results, workers, result = names
    lines = (
        f"{all_items} = {items}",
        f"with {opened} as {workers}:\n"
        f"    {results} = list({workers}.map({function}, {all_items}))",
    )
    spot.replace(call, expression(result))
    return [statement(line) for line in lines], *paired(target, result, all_items, results)


def paired(target: ast.expr, result: str, items: str, results: str) -> tuple[ast.expr, ast.expr]:
    """Return a loop's new target and iterable: its items, each with its result."""
    pair = ast.Tuple([target, ast.Name(result, ast.Store())], ast.Store())
    return pair, expression(f"zip({items}, {results})")


def _comprehension(spot: Spot, opened: str) -> bool:
    """Rewrite a comprehension with a call of each item, such as ``{x: f(x) for x in items}``."""
    block, index = spot.chain[-1]
    for node in spot.hot(_COMPREHENSIONS):
        assert isinstance(node, _COMPREHENSIONS)
        [generator, *more] = node.generators
        if more or not isinstance(block[index], SIMPLE):
            continue
        value = node.value if isinstance(node, ast.DictComp) else node.elt
        items = ast.unparse(generator.iter)
        if generator.ifs:
            own = ast.ListComp(_loaded(generator.target), [copy.deepcopy(generator)])
            items = ast.unparse(own)
        else:
            items = f"list({items})"
        for call in ast.walk(value):
            if not isinstance(call, ast.Call) or not dotted(call.func) or _is_plain(call):
                continue
            if not binds(generator.target) & reads(call):
                continue
            made = _made(spot, opened, call, generator.target, items)
            if made is not None:
                lines, generator.target, generator.iter = made
                generator.ifs = []
                block[index:index] = lines
                return True
    return False


def _loaded(target: ast.expr) -> ast.expr:
    """Return a loop's target as an expression."""
    return expression(ast.unparse(target))


def _loop(spot: Spot, opened: str) -> bool:
    """Rewrite a loop with a call of each item."""
    for block, index in reversed(spot.loops()):
        loop = block[index]
        if not isinstance(loop, ast.For):
            continue
        targets = binds(loop.target)
        changed = set().union(*map(binds, loop.body))
        for node in spot.hot(ast.Call):
            assert isinstance(node, ast.Call)
            inside = any(each is node for part in loop.body for each in ast.walk(part))
            if not inside or not dotted(node.func) or not targets & reads(node):
                continue
            if reads(node) & changed or _is_plain(node) or _grows(node):
                continue
            made = _made(spot, opened, node, loop.target, f"list({ast.unparse(loop.iter)})")
            if made is not None:
                lines, loop.target, loop.iter = made
                block[index:index] = lines
                return True
    return False


def _grows(node: ast.Call) -> bool:
    """Whether a call is of a method that changes what the loop fills: ``found.append(...)``."""
    method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    return method in ("append", "add", "extend", "update", "write", "insert", "setdefault")
