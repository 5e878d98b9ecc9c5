"""
Rewrites that make all calls of a loop at once: in worker processes, or in threads.

The calls that a loop makes one by one are taken out of it, to where a pool makes them; the loop
goes on with their results, in the same order. That asks for calls that read nothing of what the
loop changes but its own variable.
"""

from __future__ import annotations

import ast

from manycore._advice._spot import Spot, binds, dotted, expression, reads, statement

TYPE_CHECKING = False
if TYPE_CHECKING:
    Comprehension = ast.ListComp | ast.GeneratorExp


def pool(spot: Spot) -> bool:
    """Let worker processes make the calls."""
    return _hoist(spot, "mc.Pool()", "import manycore as mc")


def threads(spot: Spot) -> bool:
    """Let threads make the calls: they wait rather than compute."""
    imported = "from concurrent.futures import ThreadPoolExecutor"
    return _hoist(spot, "ThreadPoolExecutor(16)", imported)


def _hoist(spot: Spot, opened: str, imported: str) -> bool:
    if _comprehension(spot, opened) or _loop(spot, opened):
        spot.imports.append(imported)
        return True
    return False


def _function(call: ast.Call, target: ast.expr) -> str:
    """Write the function of one item that a call is."""
    plain = len(call.args) == 1 and not call.keywords
    if plain and ast.unparse(call.args[0]) == ast.unparse(target):
        return ast.unparse(call.func)
    if isinstance(target, ast.Name):
        return f"lambda {target.id}: {ast.unparse(call)}"
    return ""


def _comprehension(spot: Spot, opened: str) -> bool:
    """Rewrite ``[f(x) for x in items]``."""
    for node in spot.hot((ast.ListComp, ast.GeneratorExp)):
        assert isinstance(node, (ast.ListComp, ast.GeneratorExp))
        [generator, *more] = node.generators
        call = node.elt
        if more or generator.ifs or not isinstance(call, ast.Call) or not dotted(call.func):
            continue
        function = _function(call, generator.target)
        block, index = spot.chain[-1]
        here = block[index]
        if not function or not isinstance(here, (ast.Assign, ast.Return, ast.Expr, ast.AugAssign)):
            continue
        workers = spot.fresh("pool")
        mapped = f"{workers}.map({function}, {ast.unparse(generator.iter)})"
        wanted = f"list({mapped})" if isinstance(node, ast.ListComp) else mapped
        spot.replace(node, expression(wanted))
        opening = statement(f"with {opened} as {workers}:\n    pass")
        assert isinstance(opening, ast.With)
        opening.body = [here]
        block[index] = opening
        return True
    return False


def _loop(spot: Spot, opened: str) -> bool:
    """Rewrite a loop with a call of each item."""
    for block, index in reversed(spot.loops()):
        loop = block[index]
        if not isinstance(loop, ast.For) or not isinstance(loop.target, ast.Name):
            continue
        changed = set().union(*map(binds, loop.body))
        for node in spot.hot(ast.Call):
            assert isinstance(node, ast.Call)
            inside = any(each is node for part in loop.body for each in ast.walk(part))
            if not inside or not dotted(node.func) or loop.target.id not in reads(node):
                continue
            if reads(node) & changed or _grows(loop, node):
                continue
            function = _function(node, loop.target)
            items, results = spot.fresh("items"), spot.fresh("results")
            workers, result = spot.fresh("pool"), spot.fresh("result")
            lines = (
                f"{items} = list({ast.unparse(loop.iter)})",
                f"with {opened} as {workers}:\n"
                f"    {results} = list({workers}.map({function}, {items}))",
            )
            spot.replace(node, expression(result))
            loop.target = ast.Tuple(
                [ast.Name(loop.target.id, ast.Store()), ast.Name(result, ast.Store())], ast.Store()
            )
            loop.iter = expression(f"zip({items}, {results})")
            block[index:index] = map(statement, lines)
            return True
    return False


def _grows(loop: ast.For, node: ast.Call) -> bool:
    """Whether a call is of a method that changes what the loop fills: ``found.append(...)``."""
    method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    return method in ("append", "add", "extend", "update", "write", "insert", "setdefault")
