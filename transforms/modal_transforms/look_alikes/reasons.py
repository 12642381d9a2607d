"""Why a use that reads like an old one is left alone, built from what the file shows."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.index import FunctionNode
from modal_transforms.analysis.module import Module, Value
from modal_transforms.analysis.nodes import root_of
from modal_transforms.look_alikes.owner import whose
from modal_transforms.modal_api.spellings import Spelling

_MAY_FAIL = frozenset({"ImportError", "ModuleNotFoundError", "AttributeError", "Exception", "BaseException"})


def of_name(module: Module, node: ast.Name | ast.Attribute, spelling: Spelling) -> str:
    """Say why a name, or what is read from a value, is left alone."""
    symbol = module.symbol(node)
    if symbol.startswith("modal."):
        return of_modals(module, node, symbol, spelling)
    return whose(module, node if isinstance(node, ast.Name) else node.value)


def of_modals(module: Module, node: ast.expr, symbol: str, spelling: Spelling) -> str:
    """Say why something of Modal's own is left alone; empty when it does not only read like an old use."""
    if symbol in spelling.stays:
        return spelling.stays[symbol]
    if is_guarded(module, node):
        return "it is used only where the installed version of modal has it"
    written = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    if symbol.rpartition(".")[2].removesuffix("()") != written:
        seen = explain(module, node)
        return f"`{written}` is {plain(symbol)} here" + (f": {seen[0]}" if seen else "")
    return ""


def of_import(module: Module, node: ast.ImportFrom, alias: ast.alias) -> str:
    """Say why an import is left alone; empty when another file hands on what is Modal's."""
    origin = "." * node.level + (node.module or "")
    if is_modals(node):
        guarded = "it is imported only where the installed version of modal has it; the code goes on without it"
        return guarded if is_guarded(module, node) else "the import stays because the file hands it on or names it"
    bound = module.index.scopes[node].bindings.get(alias.asname or alias.name, [])
    values = [module.resolve_binding(binding) for binding in bound if binding.node is node]
    if any(value is not None and value.symbol.startswith("modal.") for value in values):
        return ""
    return f"`{alias.name}` is imported from {origin}, not from modal"


def is_modals(node: ast.ImportFrom) -> bool:
    """Tell whether names are imported from Modal itself."""
    return not node.level and (node.module or "").partition(".")[0] == "modal"


def of_keyword(module: Module, call: ast.Call, word: str) -> str:
    """Say why a keyword of a call is left alone; empty when the call is Modal's."""
    if isinstance(call.func, ast.Name) and call.func.id == "dict" and not module.reaching(call.func):
        return of_dict(module, call)
    callee = module.resolve(call.func)
    if callee is not None and callee.symbol.startswith("modal."):
        return "" if callee.sure else whose(module, call.func)
    if callee is not None and isinstance(callee.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return _taken_by(module, callee, callee.node, word)
    return f"it is given to {_callee(module, call)}(…): {whose(module, call.func)}"


def of_dict(module: Module, node: ast.expr) -> str:
    """Say why a key of a dict is left alone."""
    parent = module.index.parents.get(node)
    seen = "which reaches no call of Modal's as far as can be seen"
    if isinstance(parent, (ast.Dict, ast.List, ast.Tuple, ast.DictComp, ast.ListComp)):
        return "a key of a dict inside another value, not a setting of its own"
    if isinstance(parent, ast.Call):
        return f"a key of a dict that is given to {_callee(module, parent)}(…): {whose(module, parent.func)}"
    targets = [parent.target] if isinstance(parent, ast.AnnAssign) else getattr(parent, "targets", [])
    if targets and isinstance(targets[0], ast.Name):
        return f"a key of the dict `{targets[0].id}` of line {targets[0].lineno}, {seen}"
    return f"a key of a dict {seen.replace('which', 'that')}"


def of_parameter(module: Module, function: FunctionNode) -> str:
    """Say whose parameter a word is."""
    owner = module.index.parents.get(function)
    name = f"{owner.name}.{function.name}" if isinstance(owner, ast.ClassDef) else function.name
    return f"a parameter of `{name}`, defined on line {function.lineno}"


def of_definition(module: Module, node: FunctionNode | ast.ClassDef) -> str:
    """Say what a definition that bears the word is."""
    owner = module.index.parents.get(node)
    if isinstance(node, ast.ClassDef):
        return f"`{node.name}` is a class of this file, not Modal's"
    if isinstance(owner, ast.ClassDef):
        return f"`{node.name}` is a method of the class `{owner.name}`, defined here"
    return f"`{node.name}` is the name of a function defined here"


def of_constructor(module: Module, owner: ast.ClassDef | None) -> str:
    """Say why an ``__init__`` is no constructor of one of Modal's classes."""
    if owner is None:
        return "a function of that name, not the constructor of a class"
    for decorator in owner.decorator_list:
        if isinstance(root_of(decorator), ast.Name) and ends_in(decorator, "cls"):
            return f"the class `{owner.name}` is not Modal's: {whose(module, decorator)}"
    return f"the class `{owner.name}` is not under @app.cls, so its constructor stays"


def ends_in(node: ast.expr, name: str) -> bool:
    """Tell whether a decorator, called or not, is called ``name`` or ``value.name``."""
    bare = node.func if isinstance(node, ast.Call) else node
    return (bare.attr if isinstance(bare, ast.Attribute) else getattr(bare, "id", "")) == name


def plain(symbol: str) -> str:
    """Return a symbol in words: ``modal.App().function`` is the ``function`` of a modal.App."""
    owner, found, rest = symbol.rpartition("().")
    if found:
        return f"the `{rest.removesuffix('()')}` of a {owner.replace('()', '')}"
    return f"a {symbol.removesuffix('()')}" if symbol.endswith("()") else symbol


def is_guarded(module: Module, node: ast.AST) -> bool:
    """Tell whether the code around a node asks first what the installed version of Modal has."""
    inside = node
    for around in module.index.ancestors(node):
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return False
        if isinstance(around, ast.Try) and any(_catches(handler) for handler in around.handlers):
            return True
        if isinstance(around, (ast.If, ast.IfExp)) and inside is not around.test and _asks(around.test):
            return True
        if isinstance(around, (ast.BoolOp, ast.Call)) and any(_asks(part) for part in ast.iter_child_nodes(around)):
            return True
        if isinstance(around, ast.Call) and _asks(around):
            return True
        inside = around
    return False


def _catches(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or any(getattr(part, "id", "") in _MAY_FAIL for part in ast.walk(handler.type))


def _asks(node: ast.AST) -> bool:
    named = {getattr(part, "id", getattr(part, "attr", "")) for part in ast.walk(node)}
    return bool(named & {"hasattr", "getattr", "__version__", "find_spec"})


def _taken_by(module: Module, callee: Value, node: FunctionNode | ast.ClassDef, word: str) -> str:
    path = callee.module.source.path
    where = f"on line {node.lineno}" if callee.module is module else f"in {path}, line {node.lineno}"
    if isinstance(node, ast.ClassDef):
        return f"it is given to the class `{node.name}`, defined {where}"
    if any(word == argument.arg for argument in parameters(node)):
        return f"`{word}` is a parameter of `{node.name}`, defined {where}"
    return f"it is given to `{node.name}`, defined {where}, which takes any keyword: look there for where it goes"


def parameters(function: FunctionNode) -> Iterator[ast.arg]:
    """Yield the parameters of a function that have names."""
    yield from (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)


def _callee(module: Module, call: ast.Call) -> str:
    text = " ".join(module.source.written(call.func).split())
    return text if len(text) <= 40 else f"{text[:39]}…"
