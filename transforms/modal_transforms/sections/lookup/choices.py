"""The ways to find an object by ``from_name``, and to read its address."""

from __future__ import annotations

import ast

from modal_transforms.analysis.index import FunctionNode
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import AddLine, Change, Choice, RemoveArgument, Replace, Span
from modal_transforms.modal_api.lookups.parameters import LookupArguments
from modal_transforms.modal_api.lookups.results import Result
from modal_transforms.modal_api.lookups.tokens import Method, new_url, without_aio, without_await
from modal_transforms.modal_api.named_attributes import NamedAttribute
from modal_transforms.modal_api.needs import FROM_NAME_CLIENT

LAZY = "Modal is asked at first use; a missing object is reported there, and created there if that is asked for."
EAGER = "Modal is asked at once, as before: a missing object raises here, and is created here if that is asked for."
_RENAMED = "What is called here is from_name: it does not ask Modal, and takes all but the names by keyword."


def lookup_choices(found: Method, place: Span, arguments: LookupArguments, used: Result) -> tuple[Choice, ...]:
    """Return the choices for a call of ``lookup`` whose name is at ``place``, the recommended one first."""
    path = found.module.source.path
    shared: list[Change] = [Replace(path, place, "from_name"), *arguments.changes, *without_aio(found)]
    shared += [change for module, node in used.urls for change in new_url(module, node)]
    hydrate = _hydrating(found, arguments, shared)
    if found.is_aio and found.awaited is None:
        return (hydrate,)
    lazy = Choice("from-name", "from_name", LAZY, (*shared, *without_await(found), *arguments.name_client))
    if arguments.client is not None:
        label, effect = "from_name, with client=", f"Needs modal 1.2.2 or later. {LAZY}"
        return hydrate, Choice("from-name", label, effect, lazy.changes, needs=FROM_NAME_CLIENT)
    if arguments.data is not None:
        return _with_data(found, arguments.data, lazy, hydrate if used.eager else lazy)
    if used.is_hydrated:
        return (lazy,)
    return (hydrate, lazy) if used.eager else (lazy, hydrate)


def _hydrating(found: Method, arguments: LookupArguments, shared: list[Change]) -> Choice:
    source = found.module.source
    client = source.written(arguments.client) if arguments.client is not None else ""
    call = f".hydrate{'.aio' if found.is_aio else ''}({client})"
    end = source.span(found.call).end
    changes = [*shared, *arguments.take_client, Replace(source.path, Span(end, end), call)]
    if not found.is_aio:
        changes += without_await(found)
    return Choice("hydrate", f"from_name and {call.removeprefix('.')}", EAGER, tuple(changes))


def _with_data(found: Method, data: ast.expr, lazy: Choice, empty: Choice) -> tuple[Choice, ...]:
    """``Dict.lookup("name", data)`` filled a Dict that it created, and left one that was there as it was."""
    bare = Choice(
        empty.key, f"{empty.label}, without the data", f"A new Dict starts empty. {empty.effect}", empty.changes
    )
    statement = found.module.index.parents[found.whole]
    source = found.module.source
    written = source.written(data)
    simple = isinstance(statement, ast.Assign) and len(statement.targets) == 1
    if not (simple and isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)):
        return (bare,)
    if found.awaited is not None or "\n" in written or not _stands_alone(found.module, statement):
        return (bare,)
    name = statement.targets[0].id
    fill = AddLine(source.path, source.span(statement), f"if {name}.len() == 0:\n    {name}.update({written})")
    effect = "Modal is asked at once; the data goes in when the Dict is empty, not only when it is created."
    return Choice("fill", "from_name, and put the data in when the Dict is empty", effect, (*lazy.changes, fill)), bare


def _stands_alone(module: Module, statement: ast.stmt) -> bool:
    """Tell whether a statement has its lines to itself."""
    span, source = module.source.span(statement), module.source
    before = source.slice(Span(source.line_at(span.start).start, span.start))
    after = source.slice(Span(span.end, source.line_at(span.end).end)).strip()
    return not before.strip() and (not after or after.startswith("#"))


def _awaited_url(module: Module, node: ast.Attribute, place: Span) -> tuple[Change, ...]:
    path, start = module.source.path, module.source.span(node).start
    parent = module.index.parents[node]
    bracketed = isinstance(parent, (ast.Attribute, ast.Subscript, ast.Call, ast.BinOp)) and not (
        isinstance(parent, ast.Call) and node is not parent.func
    )
    opening, closing = ("(await ", "get_web_url.aio())") if bracketed else ("await ", "get_web_url.aio()")
    return Replace(path, Span(start, start), opening), Replace(path, place, closing)


def _may_await(module: Module, node: ast.AST) -> bool:
    """Tell whether ``await`` may be written at a node."""
    around: FunctionNode | None = module.function_around(node)
    if not isinstance(around, ast.AsyncFunctionDef):
        return False
    scope = module.index.scopes[node].node
    return scope is around


def url_choices(module: Module, node: ast.Attribute, place: Span) -> tuple[Choice, ...]:
    """Return the choices for a read of ``.web_url`` whose name is at ``place``."""
    changes = tuple(new_url(module, node))
    if isinstance(module.index.parents[node], ast.Await):
        effect = "It gives the address; until now a text was awaited here, which raised."
        return (Choice("await", "await get_web_url.aio()", effect, changes),)
    plain = Choice("call", "call get_web_url()", "The same address, found out the same way.", changes)
    if not _may_await(module, node):
        return (plain,)
    effect = "The same address; other coroutines run while Modal is asked."
    return plain, Choice("await", "await get_web_url.aio()", effect, _awaited_url(module, node, place))


def called_url(module: Module, found: NamedAttribute) -> Choice | None:
    """Return the choice to call ``get_web_url`` where ``getattr`` names ``web_url``; ``None`` where that needs care."""
    source, owner = module.source, module.source.span(found.owner)
    whole = source.span(found.call)
    is_primary = isinstance(found.owner, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
    if not is_primary or "#" in source.slice(whole) or source.written(found.call.func) == "hasattr":
        return None
    changes = (
        Replace(source.path, Span(whole.start, owner.start), ""),
        Replace(source.path, Span(owner.end, whole.end), ".get_web_url()"),
    )
    return Choice("call", "call get_web_url()", "The same address; None where there is none.", changes)


def renamed_reference(module: Module, place: Span) -> Choice:
    """Return the choice to name ``from_name`` where ``lookup`` is named."""
    return Choice("from-name", "rename to from_name", _RENAMED, (Replace(module.source.path, place, "from_name"),))


def renamed_keyword(module: Module, place: Span, new: str) -> Choice:
    """Return the choice to give a keyword its new name."""
    return Choice("rename", f"rename to {new}", "None at run time.", (Replace(module.source.path, place, new),))


def without_namespace(module: Module, call: ast.Call, item: ast.keyword, is_global: bool) -> Choice:
    """Return the choice to delete ``namespace=``; ``is_global`` tells that it named another workspace's objects."""
    drop = RemoveArgument(module.source.path, module.source.span(call), module.source.span(item))
    effect = "It is looked up in your own workspace." if is_global else "None: it has one value that means anything."
    return Choice("drop", "delete namespace=", effect, (drop,))


def hydrated(module: Module, place: Span) -> Choice:
    """Return the choice to call ``hydrate`` where ``resolve`` is called."""
    rename = Replace(module.source.path, place, "hydrate")
    return Choice("hydrate", "rename to hydrate", "None: it asks Modal at once, as before.", (rename,))
