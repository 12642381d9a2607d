"""Uses that a program is prepared to miss, and what it adds to Modal's objects itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from modal_transforms.analysis.module import Module, ProjectView
from modal_transforms.analysis.nodes import text_of
from modal_transforms.core.patterns import pattern

_BEHIND_A_DOT = pattern(rb"\.[\s\\]*(#|[\w\x80-\xff]+)")
_CAUGHT = {
    ast.alias: frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}),
    ast.Attribute: frozenset({"AttributeError"}),
    ast.Call: frozenset({"TypeError"}),
}
"""What a program that tries whether something is there catches, by the kind of the use."""


def is_guarded(module: Module, node: ast.AST) -> bool:
    """Tell whether a program asks first whether the SDK has something, or catches that it does not."""
    inside = module.index.parents.get(node, node) if isinstance(node, ast.alias) else node
    is_named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr"
    wanted = _CAUGHT[ast.Attribute if is_named else type(node)]
    for around in module.index.ancestors(inside):
        if isinstance(around, ast.Try) and inside in around.body and _catches(around.handlers, wanted):
            return True
        if (
            isinstance(around, ast.Try)
            and isinstance(inside, ast.ExceptHandler)
            and _is_instead(module, around, inside)
        ):
            return True
        if isinstance(around, (ast.If, ast.IfExp)) and around.test is not inside and asks(module, around.test):
            return True
        inside = around
    return False


def _catches(handlers: Sequence[ast.ExceptHandler], wanted: frozenset[str]) -> bool:
    caught = [handler.type for handler in handlers]
    names = {node.id for each in caught if each is not None for node in ast.walk(each) if isinstance(node, ast.Name)}
    return bool(names & wanted) or (None in caught and "ImportError" in wanted)


def _is_instead(module: Module, statement: ast.AST, handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler runs where the SDK lacks what was tried, which is something of Modal's."""
    catches = any(_catches([handler], wanted) for wanted in _CAUGHT.values())
    return catches and isinstance(statement, ast.Try) and uses_modal(module, statement.body)


def uses_modal(module: Module, block: Sequence[ast.stmt]) -> bool:
    """Tell whether statements take something of Modal's, more than the package itself."""
    for node in (node for statement in block for node in ast.walk(statement)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "modal":
            return True
        if isinstance(node, (ast.Attribute, ast.Call)) and module.symbol(node).startswith("modal."):
            return True
    return False


def asks(module: Module, expression: ast.expr) -> bool:
    """Tell whether an expression asks for the version of the SDK, or whether something of Modal's has an attribute."""
    for node in ast.walk(expression):
        if isinstance(node, ast.Attribute) and module.symbol(node) == "modal.__version__":
            return True
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called, first = getattr(node.func, "id", getattr(node.func, "attr", "")), node.args[0]
        if called == "hasattr" and module.symbol(first).startswith("modal"):
            return True
        if called == "version" and isinstance(first, ast.Constant) and first.value in {"modal", "modal-client"}:
            return True
    return False


def adds_itself(module: Module, name: str, anywhere: bool) -> bool:
    """Tell whether the file sets an attribute of that name, or ``anywhere`` another one of the repository."""
    if name in module.once(_assigned):
        return True
    project = module.project if anywhere else None
    return project is not None and any(_sets(project, path, name) for path in project.naming(name.encode()))


def _sets(project: ProjectView, path: str, name: str) -> bool:
    """Tell whether a file sets an attribute of that name; it is parsed only where its bytes do not rule that out."""
    data = project.data(path) or b""
    may_set = b"setattr" in data or not {name.encode(), b"#"}.isdisjoint(_BEHIND_A_DOT.findall(data))
    module = project.module(path) if may_set else None
    return module is not None and name in module.once(_assigned)


def _assigned(module: Module) -> frozenset[str]:
    assigned = {node.attr for node in module.index.attributes if isinstance(node.ctx, ast.Store)}
    for call in module.index.calls:
        if isinstance(call.func, ast.Name) and call.func.id == "setattr" and len(call.args) > 1:
            assigned.add(text_of(call.args[1]) or "")
    return frozenset(assigned)


def made_up_names(module: Module) -> Iterator[ast.Call]:
    """Yield the places where an attribute of something of Modal's is asked for or set by a name made when it runs."""
    for call in module.index.calls:
        named = isinstance(call.func, ast.Name) and call.func.id in {"getattr", "setattr", "hasattr", "delattr"}
        made_up = named and len(call.args) > 1 and not isinstance(call.args[1], ast.Constant)
        if made_up and module.symbol(call.args[0]).startswith("modal"):
            yield call


def gets_made_up_names(module: Module, owner: str) -> bool:
    """Tell whether a file of the repository sets attributes of such an object by names made when it runs."""
    others = module.project.mentioning(b"setattr") if module.project is not None else (module,)
    return any(
        isinstance(call.func, ast.Name) and call.func.id == "setattr" and each.symbol(call.args[0]) == owner
        for each in others
        for call in each.once(_made_up)
    )


def _made_up(module: Module) -> tuple[ast.Call, ...]:
    return tuple(made_up_names(module))
