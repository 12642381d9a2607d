"""What an expression in a command line may stand for, as far as the file shows it.

Constants, attributes, defaults of parameters and of the command line's arguments, what calls hand over, items of a
loop, and texts with any of them in it.
"""

from __future__ import annotations

import ast
from itertools import product

from msgspec.structs import replace

from modal_transforms.analysis.index import Binding, BindingKind, FunctionNode
from modal_transforms.analysis.module import Module
from modal_transforms.core.command_line import HOLE, CommandLine, Word
from modal_transforms.core.patterns import pattern

_PYTHONS = pattern(r"(\{[A-Za-z_]\w*\}|\$[A-Za-z_]\w*)")
"""What IPython puts a value of Python's in for."""
_MOST = 20
"""More values than these are not looked at one by one."""
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def values_of(module: Module, node: ast.expr) -> tuple[str, ...]:
    """Return all texts that an expression may be; nothing where one of them cannot be seen in the file."""
    if isinstance(node, ast.JoinedStr):
        return _filled(module, node)
    return _texts(_named(module, node))


def _texts(found: list[list[ast.expr]]) -> tuple[str, ...]:
    """Return what bindings give as texts; nothing where one of them gives something else, or cannot be seen."""
    texts = [item.value if isinstance(item, ast.Constant) else None for each in found for item in each]
    known = tuple(dict.fromkeys(text for text in texts if isinstance(text, str)))
    return known if len(found) <= _MOST and all(found) and all(isinstance(text, str) for text in texts) else ()


def in_shell_line(module: Module, line: CommandLine) -> CommandLine:
    """Return a shell line of a notebook in which ``{NAME}`` and ``$NAME`` are what Python's names stand for."""
    return replace(line, words=tuple(word if word.known else _filled_in(module, word) for word in line.words))


def _filled_in(module: Module, word: Word) -> Word:
    """Return a word of a shell line with all that it may be, or with holes where that cannot be seen."""
    pieces = _PYTHONS.split(word.text)
    count = 1
    parts: list[tuple[str, ...]] = []
    for at, piece in enumerate(pieces):
        bindings = module.index.module.bindings.get(piece.strip("{$}"), []) if at % 2 else []
        parts.append(_texts([_bound(module, each) for each in bindings[: _MOST + 1]]) if at % 2 else (piece,))
        count *= len(parts[-1])
    if len(pieces) == 1 or count > _MOST:
        return word
    if not count:
        return replace(word, text=HOLE.join(pieces[::2]))
    return replace(word, values=tuple(dict.fromkeys("".join(made) for made in product(*parts))))


def of_rest(module: Module, node: ast.Starred) -> tuple[str, ...]:
    """Return what stands first for ``*args`` where all calls of the function around, in its file, give a text there."""
    if not isinstance(node.value, ast.Name):
        return ()
    bindings = module.index.scopes[node.value].find(node.value.id)
    function = bindings[0].scope.node if len(bindings) == 1 else None
    if not isinstance(function, FUNCTION) or function.args.vararg is None or function.args.vararg.arg != node.value.id:
        return ()
    before = len(function.args.posonlyargs) + len(function.args.args)
    calls = module.once(calls_by_name).get(function.name, ())
    given = [call.args[before] if before < len(call.args) else None for call in calls]
    return _texts([[each] if each is not None else [] for each in given])


def _filled(module: Module, node: ast.JoinedStr) -> tuple[str, ...]:
    """Return all texts that an f-string may be."""
    parts: list[tuple[str, ...]] = []
    count = 1
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            plain = part.conversion == -1 and part.format_spec is None
            parts.append(values_of(module, part.value) if plain else ())
        else:
            parts.append((str(part.value),) if isinstance(part, ast.Constant) else ())
        count *= len(parts[-1])
        if not 0 < count <= _MOST:
            return ()
    return tuple(dict.fromkeys("".join(pieces) for pieces in product(*parts)))


def _named(module: Module, node: ast.expr) -> list[list[ast.expr]]:
    """Return what each binding of a name or attribute may give it; no binding at all is nothing."""
    if isinstance(node, ast.Name):
        bindings = module.index.scopes[node].find(node.id)
        return [_bound(module, binding) for binding in bindings[: _MOST + 1]]
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        own = _attribute(module, node, node.value.id)
        return own if own is not None else [_parsed(module, node.value, node.attr)]
    return []


def _attribute(module: Module, node: ast.Attribute, name: str) -> list[list[ast.expr]] | None:
    """Return what an attribute of the class around, or of a class of the file, is set to; ``None`` for others."""
    for around in module.index.ancestors(node):
        if isinstance(around, ast.ClassDef) and name in {"self", "cls", around.name}:
            scope = module.index.inner[around]
            bindings = [
                *scope.bindings.get(node.attr, [])[: _MOST + 1],
                *scope.attributes.get(node.attr, [])[: _MOST + 1],
            ]
            return [_bound(module, binding) for binding in bindings[: _MOST + 1]]
    return None


def _parsed(module: Module, name: ast.Name, attribute: str) -> list[ast.expr]:
    """Return what an argument of the command line that ``argparse`` read is by default, and its choices."""
    bindings = module.index.scopes[name].find(name.id)
    values = [binding.value for binding in bindings] if len(bindings) <= _MOST else []
    found = module.once(_arguments).get(attribute, [])
    if not values or len(found) > _MOST or any(not _is_call_of(value, "parse_args") for value in values):
        return []
    given = [_keyword(call, "default") for call in found] + [_keyword(call, "choices") for call in found]
    listed = [item for each in given if isinstance(each, (ast.List, ast.Tuple)) for item in each.elts]
    return [*(each for each in given if each is not None and not isinstance(each, (ast.List, ast.Tuple))), *listed]


def _arguments(module: Module) -> dict[str, list[ast.Call]]:
    """Return the calls of ``add_argument`` by the attribute that each makes."""
    found: dict[str, list[ast.Call]] = {}
    for call in module.index.calls:
        if _is_call_of(call, "add_argument"):
            found.setdefault(_destination(call), []).append(call)
    return found


def _destination(call: ast.Call) -> str:
    """Return what a declaration of an option of ``argparse`` or ``click`` calls its value."""
    explicit = _keyword(call, "dest")
    if isinstance(explicit, ast.Constant):
        return str(explicit.value)
    names = [str(item.value) for item in call.args if isinstance(item, ast.Constant)]
    long = [name for name in names if name.startswith("--")]
    plain = [name for name in names if not name.startswith("-")]
    return next(iter([*plain, *long, *names]), "").lstrip("-").partition("/")[0].replace("-", "_")


def _is_call_of(node: ast.expr | None, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((item.value for item in call.keywords if item.arg == name), None)


def is_default(module: Module, node: ast.expr) -> bool:
    """Tell whether who starts the program may give something else for an expression."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return bool(_parsed(module, node.value, node.attr))
    if not isinstance(node, ast.Name):
        return False
    functions = [binding.scope.node for binding in module.index.scopes[node].find(node.id)]
    return any(isinstance(each, FUNCTION) and bool(_declared(each, node.id)) for each in functions)


def is_path(node: ast.expr) -> bool:
    """Tell whether an expression makes a path of the file system: ``str(script)``, ``folder / "app.py"``."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "str"
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)


def _bound(module: Module, binding: Binding) -> list[ast.expr]:
    """Return the expressions that one binding of a name may give it; nothing where they cannot be seen."""
    node = binding.node
    if binding.kind is BindingKind.ASSIGN and binding.value is not None:
        return [binding.value]
    if binding.kind is BindingKind.PARAMETER and isinstance(binding.scope.node, FUNCTION):
        return _handed(module, binding.scope.node, binding.name)
    if isinstance(node, (ast.For, ast.comprehension)) and isinstance(node.target, ast.Name):
        items = node.iter if isinstance(node.iter, (ast.List, ast.Tuple)) else list_named(module, node.iter)
        return list(items.elts) if items is not None else []
    return []


def list_named(module: Module, node: ast.expr) -> ast.List | ast.Tuple | None:
    """Return the list that a name stands for, where the file binds it once."""
    bindings = module.index.scopes[node].find(node.id) if isinstance(node, ast.Name) else []
    bindings = [each for each in bindings if not isinstance(each.node, ast.AugAssign)]
    value = bindings[0].value if len(bindings) == 1 and bindings[0].kind is BindingKind.ASSIGN else None
    return value if isinstance(value, (ast.List, ast.Tuple)) else None


def _handed(module: Module, function: FunctionNode, name: str) -> list[ast.expr]:
    """Return a parameter's default and what the calls of its function in the file give it."""
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    defaults = _defaults(function)
    declared = _declared(function, name)
    found = declared or ([defaults[name]] if name in defaults else [])
    calls = module.once(calls_by_name).get(function.name, ())
    if len(calls) > _MOST:
        return []
    for call in calls:
        given = argument_for(call, names, name)
        if given is not None:
            found.append(given)
    return found


def _declared(function: FunctionNode, name: str) -> list[ast.expr]:
    """Return the default that ``click`` or ``typer`` is told for a parameter of a command."""
    found: list[ast.expr] = []
    for call in function.decorator_list:
        if isinstance(call, ast.Call) and (_is_call_of(call, "option") or _is_call_of(call, "argument")):
            default = _keyword(call, "default")
            if default is not None and _destination(call) == name:
                found.append(default)
    own = _defaults(function).get(name)
    if isinstance(own, ast.Call) and ast.unparse(own.func) in {"typer.Option", "typer.Argument"} and own.args:
        found.append(own.args[0])
    return found


def _defaults(function: FunctionNode) -> dict[str, ast.expr]:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    defaults = dict(zip(reversed(names), reversed(function.args.defaults), strict=False))
    keyword = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    return defaults | {argument.arg: default for argument, default in keyword if default is not None}


def argument_for(call: ast.Call, names: list[str], name: str) -> ast.expr | None:
    """Return what a call gives to a parameter; ``names`` are those that go by position."""
    for item in call.keywords:
        if item.arg == name:
            return item.value
    at = names.index(name) if name in names else len(call.args)
    return call.args[at] if at < len(call.args) else None


def calls_by_name(module: Module) -> dict[str, list[ast.Call]]:
    """Return the calls of a file by the plain name that they call."""
    found: dict[str, list[ast.Call]] = {}
    for call in module.index.calls:
        if isinstance(call.func, ast.Name):
            found.setdefault(call.func.id, []).append(call)
    return found
