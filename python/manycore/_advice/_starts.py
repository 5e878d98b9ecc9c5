"""
Rewrites of loops that start programs one by one: side by side, by `mc.run_all`.

A first loop collects the commands, and the loop itself goes on with their results. What a program
does besides can't be seen: the script is run as a whole to prove these.
"""

from __future__ import annotations

import ast
import copy

from manycore._advice._hoist import paired, side_by_side
from manycore._advice._spot import Spot, binds, dotted, expression, reads, statement

_STARTS = {
    "subprocess.run": "{}",
    "subprocess.check_output": "{}.stdout",
    "subprocess.check_call": "{}.returncode",
    "subprocess.call": "{}.returncode",
    "os.system": "{}.returncode",
}
_PASSED = frozenset({"cwd", "env", "shell", "timeout", "encoding", "capture_output"})


def programs(spot: Spot) -> bool:
    """Rewrite a loop, or a comprehension, with a call that starts a program."""
    for node in spot.hot(ast.Call):
        assert isinstance(node, ast.Call)
        started = _started(node)
        if started and (_in_loop(spot, node, *started) or _in_list(spot, node, *started)):
            spot.imports.append("import manycore as mc")
            return True
    return False


def functions(spot: Spot) -> bool:
    """Call the function that starts a program in threads, a core each."""
    if side_by_side(spot, "ThreadPoolExecutor(os.cpu_count())"):
        spot.imports.append("import os")
        return True
    return False


def _started(call: ast.Call) -> tuple[str, list[str]] | None:
    """Return what a result is written as, and the keywords of `mc.run_all`; None for others."""
    name = dotted(call.func)
    known = [each for each in _STARTS if name == each or name == each.partition(".")[2]]
    if len(call.args) != 1 or not known or name == "system":
        return None
    [full] = known
    words = {word.arg or "": word.value for word in call.keywords}
    asked = {name: ast.unparse(value) for name, value in words.items()}
    text = asked.pop("text", asked.pop("universal_newlines", "False")) == "True"
    check = asked.pop("check", "False") == "True" or full.startswith("subprocess.check_")
    piped = asked.pop("stdout", "") == "subprocess.PIPE" or full == "subprocess.check_output"
    passed = [f"{name}={value}" for name, value in asked.items() if name in _PASSED]
    if len(passed) < len(asked):
        return None
    passed += ["shell=True"] * (full == "os.system")
    passed += ["encoding=None"] * (not text and "encoding" not in asked)
    passed += ["capture_output=False"] * (not piped and asked.get("capture_output") != "True")
    return _STARTS[full], passed + ["check=True"] * check


def _in_loop(spot: Spot, call: ast.Call, written: str, words: list[str]) -> bool:
    for block, index in reversed(spot.loops()):
        loop = block[index]
        if not isinstance(loop, ast.For) or loop.orelse:
            continue
        place = _place(loop.body, call)
        if place is None:
            continue
        before = copy.deepcopy(loop.body[:place])
        made = set().union(binds(loop.target), *map(binds, before))
        later = set().union(*map(binds, loop.body[place:])) - made
        simple = all(isinstance(each, (ast.Assign, ast.AnnAssign)) for each in before)
        if not simple or later & reads(call) or _shared(call) & made or _yields(before):
            return False
        items, commands, results, result = map(
            spot.fresh, ("items", "commands", "results", "result")
        )
        collect = statement(f"for {ast.unparse(loop.target)} in {items}:\n    pass")
        assert isinstance(collect, ast.For)
        collect.body = [*before, statement(f"{commands}.append({ast.unparse(call.args[0])})")]
        spot.replace(call, expression(written.format(result)))
        lines = [f"{items} = list({ast.unparse(loop.iter)})", f"{commands} = []"]
        loop.target, loop.iter = paired(loop.target, result, items, results)
        left = loop.body[place]
        if isinstance(left, ast.Expr) and not isinstance(left.value, ast.Call):
            del loop.body[place]  # nobody asked for the result
        run = f"{results} = mc.run_all({', '.join([commands, *words])})"
        block[index : index + (not loop.body)] = [*map(statement, lines), collect, statement(run)]
        return True
    return False


def _place(body: list[ast.stmt], call: ast.Call) -> int | None:
    """Return which statement of a loop makes a call, unless that is in a loop of its own."""
    for place, each in enumerate(body):
        if any(node is call for node in ast.walk(each)):
            inner = any(
                isinstance(node, (ast.For, ast.While, ast.comprehension)) for node in ast.walk(each)
            )
            return None if inner else place
    return None


def _shared(call: ast.Call) -> set[str]:
    """Return the names that the keywords of a call read, which are the same for all programs."""
    return set().union(*(reads(word.value) for word in call.keywords))


def _yields(body: list[ast.stmt]) -> bool:
    kinds = (ast.Yield, ast.YieldFrom)
    return any(isinstance(node, kinds) for each in body for node in ast.walk(each))


def _in_list(spot: Spot, call: ast.Call, written: str, words: list[str]) -> bool:
    for node in spot.hot((ast.ListComp, ast.DictComp, ast.GeneratorExp)):
        assert isinstance(node, (ast.ListComp, ast.DictComp, ast.GeneratorExp))
        [generator, *more] = node.generators
        inside = any(each is call for each in ast.walk(node))
        if not inside or more or generator.ifs or not spot.chain:
            continue
        target = ast.unparse(generator.target)
        if _shared(call) & binds(generator.target):
            return False
        items, results, result = map(spot.fresh, ("items", "results", "result"))
        commands = f"[{ast.unparse(call.args[0])} for {target} in {items}]"
        lines = [
            f"{items} = list({ast.unparse(generator.iter)})",
            f"{results} = mc.run_all({', '.join([commands, *words])})",
        ]
        spot.replace(call, expression(written.format(result)))
        generator.target, generator.iter = paired(generator.target, result, items, results)
        block, index = spot.chain[-1]
        block[index:index] = map(statement, lines)
        return True
    return False
