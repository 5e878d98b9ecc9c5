"""A small static model of a script: what names mean, what repeats, what is pure."""

from __future__ import annotations

import ast
import builtins
import functools
from collections.abc import Iterator

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
Function = ast.FunctionDef | ast.AsyncFunctionDef
Loop = (
    ast.For
    | ast.AsyncFor
    | ast.While
    | ast.ListComp
    | ast.SetComp
    | ast.DictComp
    | ast.GeneratorExp
)


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


MUTATORS = words(
    "append extend insert remove pop popleft appendleft extendleft clear sort reverse add "
    "discard update setdefault popitem write writelines put send execute executemany commit "
    "writerow writerows rotate difference_update intersection_update fill resize "
    "symmetric_difference_update "
    "seek read readline readlines recv sendall truncate flush close shuffle"
)
"""Methods that change the object that they are called on."""

_CHANGERS = words(
    "heapq.heappush heapq.heappop heapq.heapify heapq.heapreplace heapq.heappushpop "
    "bisect.insort bisect.insort_left bisect.insort_right random.shuffle next "
    "numpy.copyto numpy.put numpy.place numpy.putmask numpy.fill_diagonal setattr delattr"
)
"""Functions that change their first argument."""

QUIET = words(
    "get items keys values copy index count split rsplit strip lstrip rstrip join replace "
    "startswith endswith lower upper title capitalize encode decode find rfind format "
    "partition rpartition translate isdigit isalpha isalnum isspace zfill ljust rjust center "
    "splitlines casefold hex bit_length bit_count to_bytes sum mean std var min max dot "
    "reshape ravel astype tolist any all argmax argmin argsort cumsum prod round clip "
    "transpose flatten item most_common union intersection difference issubset issuperset "
    "isdisjoint conjugate group groups match search findall finditer fullmatch sub quantize "
    "as_tuple is_integer as_integer_ratio to_numpy nonzero squeeze swapaxes trace repeat take "
    "total_seconds date strftime isoformat weekday toordinal timestamp loc iloc"
)
"""Methods that leave the object as it is."""

LOUD = (
    "random.",
    "time.",
    "os.",
    "io.",
    "sys.std",
    "subprocess.",
    "socket.",
    "secrets.",
    "uuid.",
    "shutil.",
    "tempfile.",
    "urllib.request.",
    "http.",
    "requests.",
    "httpx.",
    "sqlite3.",
    "numpy.random.",
    "datetime.datetime.now",
    "datetime.date.today",
    "logging.",
    "threading.",
    "multiprocessing.",
    "concurrent.",
    "asyncio.",
    "gzip.open",
    "bz2.open",
    "lzma.open",
    "numpy.load",
    "numpy.save",
    "pandas.read_",
)
"""Calls that do more than compute, by the start of their full name."""

_PATHS = frozenset(
    ("os.path.join", "os.path.split", "os.path.splitext", "os.path.basename", "os.path.dirname")
)
"""Functions of `os` that look at a path's text only."""

_SEEDED = frozenset(
    (
        "random.Random",
        "numpy.random.default_rng",
        "numpy.random.RandomState",
        "numpy.random.SeedSequence",
        "numpy.random.Generator",
        "numpy.random.PCG64",
    )
)
"""Generators that, with a seed, give the same numbers each time."""

_LOUD_BUILTINS = frozenset(("open", "print", "input", "exec", "eval", "next", "setattr", "delattr"))


class Model:
    """
    What a script's text says.

    Parameters
    ----------
    source : str
        The text.
    file : str
        Its name.
    """

    def __init__(self, source: str, file: str = "<script>") -> None:
        self.file = file
        self.source = source
        self.lines = source.splitlines()
        self.tree = ast.parse(source, file)
        self.parents: dict[ast.AST, ast.AST] = {}
        self.aliases: dict[str, str] = {}
        self.functions: dict[str, list[Function]] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        self.calls: list[ast.Call] = []
        self.modules: set[str] = set()
        for node in ast.walk(self.tree):
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self.modules.add(alias.name)
                    whole = alias.name if alias.asname else alias.name.split(".")[0]
                    self.aliases[alias.asname or whole] = whole
            elif isinstance(node, ast.ImportFrom):
                self.modules.add(str(node.module))
                for alias in node.names:
                    self.aliases[alias.asname or alias.name] = f"{node.module}.{alias.name}"
            elif isinstance(node, FUNCTIONS):
                self.functions.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.ClassDef):
                self.classes[node.name] = node
            elif isinstance(node, ast.Call):
                self.calls.append(node)
        self._altered: dict[Function, set[str]] = {}
        self._impurities: dict[tuple[Function, frozenset[str]], str | None] = {}

    def walk(self, kind: type[ast.AST] | tuple[type[ast.AST], ...]) -> Iterator[ast.AST]:
        """Return the nodes of a kind."""
        return (node for node in ast.walk(self.tree) if isinstance(node, kind))

    def dotted(self, node: ast.AST) -> str | None:
        """Return the full name of a name or a chain of attributes, through imports."""
        text = path_of(node)
        if text is None:
            return None
        first, _, rest = text.partition(".")
        first = self.aliases.get(first, first)
        return f"{first}.{rest}" if rest else first

    def called(self, call: ast.AST) -> str:
        """Return the full name of what a call calls, '' where it has none."""
        return (self.dotted(call.func) or "") if isinstance(call, ast.Call) else ""

    def callee(self, call: ast.AST) -> Function | None:
        """Return the script's own function that a call calls, where that is certain enough."""
        return self.own(call.func) if isinstance(call, ast.Call) else None

    def own(self, node: ast.AST) -> Function | None:
        """Return the script's own function or method that a name or attribute stands for."""
        if isinstance(node, ast.Name):
            found = [each for each in self.functions.get(node.id, []) if not self.is_method(each)]
            if not found and len(values := self._values(node.id)) == 1:
                return self.call_of(values[0])
        elif isinstance(node, ast.Attribute) and node.attr not in MUTATORS | QUIET:
            root = path_of(node.value)
            if root is not None and root.partition(".")[0] in self.aliases:
                return None
            found = [each for each in self.functions.get(node.attr, []) if self.is_method(each)]
        elif isinstance(node, ast.Attribute):
            # A method of the script with the name of a container's: only on `self` and the like.
            found = [each for each in self.functions.get(node.attr, []) if self.is_method(each)]
        else:
            return None
        return found[0] if len(found) == 1 else None

    def handed(self, node: ast.AST) -> Function | None:
        """
        Return the script's own function that a value stands for when it is called.

        Its name, ``functools.partial`` of it, a lambda that calls it, or a name for one of these.
        """
        found = self.own(node)
        if found is not None:
            return found
        if isinstance(node, ast.Call) and node.args and self.called(node) == "functools.partial":
            return self.own(node.args[0])
        if (called := self.call_of(node)) is not None:
            return called
        if isinstance(node, ast.Lambda):
            return self.callee(node.body)
        if isinstance(node, ast.Name):
            values = self._values(node.id)
            if len(values) == 1 and isinstance(values[0], (ast.Call, ast.Lambda, ast.Attribute)):
                return self.handed(values[0])
        return None

    def _values(self, name: str) -> list[ast.expr]:
        """Return what a name is bound to."""
        return [
            each.value
            for each in self.walk(ast.Assign)
            if isinstance(each, ast.Assign) and path_of(each.targets[0]) == name
        ]

    def call_of(self, node: ast.AST) -> Function | None:
        """Return what a new object of the script's own class does when it is called."""
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            return None
        found = self.classes.get(node.func.id)
        methods = () if found is None else found.body
        return next(
            (each for each in methods if isinstance(each, FUNCTIONS) and each.name == "__call__"),
            None,
        )

    def is_method(self, function: Function) -> bool:
        """Tell whether a function stands in a class."""
        return isinstance(self.parents.get(function), ast.ClassDef)

    def callers(self, function: Function) -> list[ast.Call]:
        """Return the calls of a function of the script."""
        return [call for call in self.calls if self.callee(call) is function]

    def function_of(self, node: ast.AST) -> Function | None:
        """Return the function that a node stands in."""
        up = self.parents.get(node)
        while up is not None and not isinstance(up, FUNCTIONS):
            up = self.parents.get(up)
        return up

    def statement(self, node: ast.AST) -> ast.stmt:
        """Return the statement that a node belongs to."""
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node

    def block(self, statement: ast.stmt) -> list[ast.stmt]:
        """Return the list of statements that a statement stands in."""
        up = self.parents[statement]
        for field in ("body", "orelse", "finalbody"):
            block = getattr(up, field, None)
            if isinstance(block, list) and statement in block:
                return block
        return [statement]

    def loops(self, node: ast.AST) -> list[Loop]:
        """Return the loops of the same function that repeat a node, innermost first."""
        found: list[Loop] = []
        child, up = node, self.parents.get(node)
        while up is not None and not isinstance(up, (*FUNCTIONS, ast.ClassDef)):
            if isinstance(up, (ast.For, ast.AsyncFor)):
                if child is not up.iter and child not in up.orelse:
                    found.append(up)
            elif isinstance(up, ast.While):
                if child not in up.orelse:
                    found.append(up)
            elif isinstance(up, COMPREHENSIONS):
                if child is not up.generators[0]:
                    found.append(up)
            elif isinstance(up, ast.comprehension) and child is not up.iter:
                # A condition or a target: repeated, although it stands in the first generator.
                whole = self.parents[up]
                assert isinstance(whole, COMPREHENSIONS)
                if up is whole.generators[0]:
                    found.append(whole)
            child, up = up, self.parents.get(up)
        return found

    def repeats(self, node: ast.AST, depth: int = 3) -> bool:
        """Tell whether a node is in a loop, or in a function called from one or handed on."""
        if self.loops(node) or self._is_in_lambda(node):
            return True
        function = self.function_of(node)
        if function is None or depth == 0:
            return False
        if self.is_handed(function):
            return True
        return any(self.repeats(call, depth - 1) for call in self.callers(function))

    def _is_in_lambda(self, node: ast.AST) -> bool:
        while not isinstance(node, (ast.stmt, ast.Lambda)):
            node = self.parents[node]
        return isinstance(node, ast.Lambda)

    def is_handed(self, function: Function) -> bool:
        """Tell whether a function is an argument of a call: whoever gets it may call it often."""
        return function.name in self._handed

    @functools.cached_property
    def _handed(self) -> set[str]:
        """The names that are arguments of calls, or the last parts of such."""
        return {
            (path_of(value) or "").rpartition(".")[2]
            for call in self.calls
            for value in (*call.args, *(each.value for each in call.keywords))
        }

    def segment(self, first: int, last: int) -> str:
        """Return lines of the script without their common indentation."""
        import textwrap

        return textwrap.dedent("\n".join(self.lines[first - 1 : last]))

    def local_names(self, function: Function) -> set[str]:
        """Return the names that a function binds, without its parameters."""
        declared = {
            name
            for node in ast.walk(function)
            if isinstance(node, (ast.Global, ast.Nonlocal))
            for name in node.names
        }
        return {name for each in function.body for name in stored(each)} - declared

    def impurity(self, function: Function, given: frozenset[str] = frozenset()) -> str | None:
        """
        Say why a function is not pure; None when it is, as far as the text shows.

        `given` are parameters that it may change, as their objects are the caller's own.
        """
        key = function, given
        if key in self._impurities:
            return self._impurities[key]
        self._impurities[key] = None  # recursion: as pure as the rest of it
        why = self._impurity(function, given)
        self._impurities[key] = why
        return why

    def _impurity(self, function: Function, given: frozenset[str]) -> str | None:
        own = self.local_names(function) | given
        made = own - aliases(function, own)
        for node in inside(function):
            if isinstance(node, (ast.Global, ast.Nonlocal)):
                return f"it changes the name {node.names[0]} outside"
            if isinstance(node, (ast.Yield, ast.YieldFrom, ast.Await)):
                return "it is a generator or coroutine"
            if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(
                node.ctx, (ast.Store, ast.Del)
            ):
                root = root_of(node)
                if root is None or root not in made:
                    return f"it changes {ast.unparse(node)}"
            if isinstance(node, ast.Call):
                why = self._loud(node, own, made)
                if why:
                    return why
        return None

    def is_loud(self, call: ast.AST) -> bool:
        """Tell whether a call by its name does more than compute."""
        name = self.called(call)
        if name in _LOUD_BUILTINS and name not in self.functions:
            return True
        return name.startswith(LOUD) and name not in _PATHS

    def _loud(self, call: ast.Call, own: set[str], made: set[str]) -> str | None:
        name = self.called(call)
        if name in _CHANGERS and call.args:
            root = root_of(call.args[0])
            return f"{name} changes {root}" if root is not None and root not in made else None
        if name in _SEEDED and call.args:
            return None
        if self.is_loud(call):
            return f"it calls {name}"
        callee = self.callee(call)
        if callee is not None and callee.name != "__init__":
            why = self.impurity(callee, self._given(callee, call, made))
            return f"it calls {callee.name}: {why}" if why else None
        if isinstance(call.func, ast.Attribute):
            root = root_of(call.func.value)
            method = call.func.attr
            if root is not None and root in self.aliases:
                return None
            if root is not None and root not in own and hasattr(builtins, root):
                return None  # dict.fromkeys, int.from_bytes
            if method in MUTATORS and (root is None or root not in made):
                return None if root is None else f"it calls {ast.unparse(call.func)}"
            if method not in QUIET | MUTATORS and root is not None and root not in own:
                return f"it calls {ast.unparse(call.func)}"
        elif isinstance(call.func, ast.Name) and call.func.id not in own:
            known = hasattr(builtins, name) or "." in name or name in self.functions
            if not known and not self._is_class(name):
                return f"it calls {name}"
        return None

    def _given(self, callee: Function, call: ast.Call, own: set[str]) -> frozenset[str]:
        """Return the parameters of a function that get objects of the caller's own."""
        names = [each.arg for each in callee.args.args]
        given = set()
        if self.is_method(callee) and isinstance(call.func, ast.Attribute) and names:
            if root_of(call.func.value) in own:
                given.add(names[0])
            names = names[1:]
        pairs = [*zip(names, call.args, strict=False)]
        pairs += [(each.arg, each.value) for each in call.keywords if each.arg]
        for name, value in pairs:
            root = root_of(value)
            if root in own or (root is None and not isinstance(value, ast.Constant)):
                given.add(name)
        return frozenset(given)

    def unsteady(self, function: Function) -> str | None:
        """
        Name what a function reads beside its arguments and what changes between its calls.

        Names from outside, and fields of its arguments: they are not steady where a loop of the
        script both changes them, by whatever it calls, and gets to the function.
        """
        outside: set[str] = set()
        fields: set[str] = set()
        for body in (function, *self.helpers(function)):
            own = self.local_names(body) | {
                each.arg for each in ast.walk(body.args) if isinstance(each, ast.arg)
            }
            for each in ast.walk(body):
                if isinstance(each, COMPREHENSIONS):
                    own |= targets(each)
            outside |= loaded(body) - own
            fields |= {
                each.attr
                for each in ast.walk(body)
                if isinstance(each, ast.Attribute) and root_of(each) in own
            }
        for loop in self.walk((ast.For, ast.While)):
            helpers = self.helpers(loop)
            if not any(_mentions(body, function.name) for body in (loop, *helpers)):
                continue
            around = self.function_of(loop)
            names = self._alters(loop)
            if around is not None and self.function_of(function) is not around:
                names = names - self.local_names(around)
            altered = {each for body in (loop, *helpers) for each in changed_fields(body)}
            for name in sorted(outside & names | fields & altered):
                return name
        return None

    def helpers(self, node: ast.AST) -> list[Function]:
        """Return the script's own functions that a node calls, and those that they call."""
        found = (self.callee(call) for call in self.reached(node))
        return list(dict.fromkeys(each for each in found if each is not None))

    def _alters(self, node: ast.AST) -> set[str]:
        """Return the names whose objects change under a node, by the functions it calls too."""
        found = changed(node)
        for call in ast.walk(node):
            callee = self.callee(call)
            if callee is None:
                continue
            assert isinstance(call, ast.Call)
            if callee not in self._altered:
                self._altered[callee] = set()  # recursion: no more than the rest of it
                self._altered[callee] = set().union(*map(self._alters, callee.body))
            inner = self._altered[callee]
            names = [each.arg for each in callee.args.args]
            found |= inner - self.local_names(callee) - set(names)
            given = call.args
            if self.is_method(callee) and isinstance(call.func, ast.Attribute):
                given = [call.func.value, *given]
            for name, value in zip(names, given, strict=False):
                root = root_of(value)
                if name in inner and root is not None:
                    found.add(root)
        return found

    def _is_class(self, name: str) -> bool:
        return any(isinstance(node, ast.ClassDef) and node.name == name for node in self.tree.body)

    def reached(self, node: ast.AST, depth: int = 4) -> Iterator[ast.Call]:
        """Return the calls under a node and in the script's own functions that they call."""
        seen: set[ast.AST] = set()
        todo = [(node, depth)]
        while todo:
            each, left = todo.pop()
            if each in seen:
                continue
            seen.add(each)
            for call in ast.walk(each):
                if isinstance(call, ast.Call):
                    yield call
                    callee = self.callee(call)
                    if callee is not None and left:
                        todo.append((callee, left - 1))


def path_of(node: ast.AST) -> str | None:
    """Return a name or a chain of attributes as text, None for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = path_of(node.value)
        return None if before is None else f"{before}.{node.attr}"
    return None


def place_of(node: ast.AST) -> str | None:
    """Return what `path_of` does, also for items by a name or constant: ``lanes[kind]``."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, (ast.Name, ast.Constant)):
        before = place_of(node.value)
        return None if before is None else f"{before}[{ast.unparse(node.slice)}]"
    if isinstance(node, ast.Attribute):
        before = place_of(node.value)
        return None if before is None else f"{before}.{node.attr}"
    return path_of(node)


def root_of(node: ast.AST) -> str | None:
    """Return the name that an expression starts with: `a` of ``a.b[c].d``."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def aliases(function: Function, own: set[str]) -> set[str]:
    """Return the local names that stand for objects of parameters, globals and fields."""
    bound: list[tuple[set[str], ast.expr]] = []
    for node in inside(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for each, value in pairs(target, node.value):
                    bound.append((stored(each), value))
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            bound.append((stored(node.target), node.value))
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            bound.append((stored(node.target), node.iter))
    found: set[str] = set()
    while True:
        size = len(found)
        for names, value in bound:
            root = root_of(value)
            if root is not None and (root not in own or root in found):
                found |= names
        if len(found) == size:
            return found


def pairs(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Return the parts of an assignment: ``a, b = x, y`` has two."""
    parts = (ast.Tuple, ast.List)
    if not (isinstance(target, parts) and isinstance(value, parts)):
        return [(target, value)]
    if len(target.elts) != len(value.elts):
        return [(target, value)]
    return list(zip(target.elts, value.elts, strict=True))


def inside(function: ast.AST) -> Iterator[ast.AST]:
    """Walk a function's body without the functions in it."""
    todo = list(ast.iter_child_nodes(function))
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            todo.extend(ast.iter_child_nodes(node))


def stored(node: ast.AST) -> set[str]:
    """Return the names that are bound under a node, its comprehensions' own ones left out."""
    found: set[str] = set()
    todo = [node]
    while todo:
        each = todo.pop()
        if isinstance(each, COMPREHENSIONS):
            continue
        if isinstance(each, ast.Name) and isinstance(each.ctx, (ast.Store, ast.Del)):
            found.add(each.id)
        elif isinstance(each, (*FUNCTIONS, ast.ClassDef)):
            found.add(each.name)
            continue
        todo.extend(ast.iter_child_nodes(each))
    return found


def loaded(node: ast.AST) -> set[str]:
    """Return the names that are read under a node."""
    return {
        each.id
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)
    }


def changed(node: ast.AST) -> set[str]:
    """Return the names under a node that are bound, or whose objects are changed in place."""
    found = stored(node)
    for each in ast.walk(node):
        if isinstance(each, (ast.Attribute, ast.Subscript)) and isinstance(
            each.ctx, (ast.Store, ast.Del)
        ):
            root = root_of(each)
            if root:
                found.add(root)
        elif (
            isinstance(each, ast.Call)
            and isinstance(each.func, ast.Attribute)
            and each.func.attr in MUTATORS
        ):
            root = root_of(each.func.value)
            if root:
                found.add(root)
    return found


def _set_or_mutated(node: ast.AST) -> Iterator[ast.AST]:
    """List fields and items under a node that are set, and objects that mutators are called of."""
    for each in ast.walk(node):
        match each:
            case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in MUTATORS:
                yield owner
            case (
                ast.Attribute(ctx=ast.Store() | ast.Del())
                | ast.Subscript(ctx=ast.Store() | ast.Del())
            ):
                yield each


def changed_fields(node: ast.AST) -> set[str]:
    """Return the names of the fields under a node that are set, or changed in place."""
    found: set[str] = set()
    for base in _set_or_mutated(node):
        while isinstance(base, (ast.Attribute, ast.Subscript)):
            if isinstance(base, ast.Attribute):
                found.add(base.attr)
            base = base.value
    return found


def _mentions(node: ast.AST, name: str) -> bool:
    return any(
        (isinstance(each, ast.Name) and each.id == name)
        or (isinstance(each, ast.Attribute) and each.attr == name)
        for each in ast.walk(node)
    )


def reads(node: ast.AST) -> set[str]:
    """Return the names that are read under a node, fields of `self` each by itself."""
    found: set[str] = set()
    todo = [node]
    while todo:
        each = todo.pop()
        if isinstance(each, ast.Attribute) and path_of(each.value) == "self":
            found.add(f"self.{each.attr}")
            continue
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
            found.add(each.id)
        todo.extend(ast.iter_child_nodes(each))
    return found


def changes(node: ast.AST) -> set[str]:
    """Return what `changed` does, fields of `self` each by itself."""
    found = changed(node)
    if "self" not in found:
        return found
    found.discard("self")
    for base in _set_or_mutated(node):
        while isinstance(base, (ast.Attribute, ast.Subscript)) and path_of(base.value) != "self":
            base = base.value
        if isinstance(base, ast.Attribute):
            found.add(f"self.{base.attr}")
    return found


def targets(loop: Loop) -> set[str]:
    """Return the names that a loop gives its values to."""
    if isinstance(loop, ast.While):
        return set()
    if isinstance(loop, COMPREHENSIONS):
        return set().union(*(_names(each.target) for each in loop.generators))
    assert isinstance(loop, (ast.For, ast.AsyncFor))
    return _names(loop.target)


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def same(one: ast.AST, other: ast.AST) -> bool:
    """Tell whether two expressions are the same text, read or written."""
    return ast.unparse(one) == ast.unparse(other)


def carried(loop: ast.For | ast.AsyncFor | ast.While) -> set[str]:
    """
    Return the names whose value goes from one round of a loop to the next.

    Bound in the loop, and read in it before that, in the order of the text.
    """
    before: set[str] = set()
    bound = targets(loop)
    again: set[str] = set()

    def visit(node: ast.AST) -> None:
        if isinstance(node, COMPREHENSIONS):
            for name in loaded(node) - targets(node) - bound:
                before.add(name)
            return
        if isinstance(node, ast.Assign):
            visit(node.value)
            for target in node.targets:
                visit(target)
        elif isinstance(node, ast.AugAssign):
            visit(node.value)
            if isinstance(node.target, ast.Name):
                if node.target.id not in bound:
                    before.add(node.target.id)
                again.add(node.target.id)
            else:
                visit(node.target)
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            visit(node.iter)
            visit(node.target)
            for each in (*node.body, *node.orelse):
                visit(each)
        elif isinstance(node, ast.If):
            visit(node.test)
            kept = set(bound)
            for each in node.body:
                visit(each)
            first = set(bound)
            bound.clear()
            bound.update(kept)
            for each in node.orelse:
                visit(each)
            # Only what both branches bind is bound afterwards.
            both = first & bound
            again.update(first | bound)
            bound.clear()
            bound.update(both)
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                if node.id not in bound:
                    before.add(node.id)
            else:
                bound.add(node.id)
                again.add(node.id)
        else:
            for child in ast.iter_child_nodes(node):
                visit(child)

    if isinstance(loop, ast.While):
        visit(loop.test)
    for statement in loop.body:
        visit(statement)
    return before & again
