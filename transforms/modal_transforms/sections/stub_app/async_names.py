"""``modal.aio``: classes that were called ``Aio...`` and whose methods were all async.

The objects of today are both: in async code their methods are called by ``.aio``.

    stub = modal.aio.AioStub("a")    ->    stub = modal.App("a")
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.definitions import dependents
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.modal_imports import Imported, modal_imports
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import (
    Applicability,
    Change,
    Choice,
    DropImport,
    Finding,
    RemoveStatement,
    Replace,
    Span,
)
from modal_transforms.modal_api.naming import is_free, modal_name
from modal_transforms.modal_api.rows import imported_reads

_TODAY = {
    **{f"Aio{name}": name for name in "Client Dict Function FunctionCall Image Mount Proxy Queue Secret".split()},
    **{f"aio_{name}": name for name in "asgi_app method web_endpoint wsgi_app".split()},
    **{"AioStub": "App", "AioApp": "App", "AioFunctionHandle": "Function", "AioSharedVolume": "SharedVolume"},
}
_HOME = "modal.aio"
_ADVICE = (
    "Write modal.App. In async code call its methods by .aio, and enter it with `async with app.run():`; objects "
    "of modal.aio are those of modal."
)
_EFFECT = "The same objects. In async code their methods are called by .aio: where they are awaited that is next."


class OldPlace(Struct, frozen=True):
    """A place that says an old name, and what writes the new one; nothing where that is not known."""

    span: Span
    changes: tuple[Change, ...] = ()


def find_async(module: Module) -> Iterator[Finding]:
    """Yield the names of ``modal.aio`` that a file uses, as one finding."""
    if b"Aio" not in module.source.data and b"aio_" not in module.source.data:
        return
    nodes = [node for node in module.index.attributes if _is_old(module, node)]
    imports = [each for each in modal_imports(module.index) if each.path == _HOME or _is_old_import(each)]
    places = [*(_attribute(module, node) for node in nodes)]
    for imported in imports:
        places += _import(module, imported, bool(nodes))
    if places:
        yield _stated(module, sorted(places, key=lambda place: place.span), nodes)


def _stated(module: Module, places: list[OldPlace], nodes: list[ast.Attribute]) -> Finding:
    changes = tuple(dict.fromkeys(change for place in places for change in place.changes))
    choices = (
        (Choice("today", "write today's names", _EFFECT, changes),) if all(each.changes for each in places) else ()
    )
    return module.finding(
        "stub-async",
        list(dict.fromkeys(place.span for place in places)),
        "AioStub and what else was in modal.aio have been gone since 0.49",
        Applicability.REVIEW if choices else Applicability.MANUAL,
        choices,
        explain(module, nodes[0]) if nodes else (),
        "" if choices else _ADVICE,
        breaks_in="0.49.2489",
    )


def _is_old(module: Module, node: ast.Attribute) -> bool:
    return node.attr.lower().startswith("aio") and module.symbol(node.value) in {"modal", _HOME} and node.attr != "aio"


def _is_old_import(imported: Imported) -> bool:
    owner, _, name = imported.path.rpartition(".")
    return owner in {"modal", _HOME} and name in _TODAY


def _attribute(module: Module, node: ast.Attribute) -> OldPlace:
    path, new, source = module.source.path, _TODAY.get(node.attr, ""), module.source
    owner, span = node.value, module.source.span(node)
    if not new:
        return OldPlace(source.attribute_word(node))
    if isinstance(owner, ast.Name) and module.symbol(owner) == _HOME:
        text, needed = modal_name(module, node, new)
        return OldPlace(span, (Replace(path, span, text), *needed))
    whole = owner.value if isinstance(owner, ast.Attribute) and module.symbol(owner) == _HOME else owner
    after = Span(source.span(whole).end + 1, span.end)
    return OldPlace(after, (Replace(path, after, new),))


def _import(module: Module, imported: Imported, is_read: bool) -> Iterator[OldPlace]:
    """Yield the place of an import, and those that read what it binds."""
    source, statement, alias = module.source, imported.statement, imported.alias
    span = source.span(alias)
    if imported.path != _HOME:
        yield from _from_import(module, statement, alias)
    elif isinstance(statement, ast.ImportFrom) or alias.asname:
        yield OldPlace(span, (DropImport(source.path, imported.name),) if is_read else ())
    elif len(statement.names) == 1 and any(each.path == each.name == "modal" for each in modal_imports(module.index)):
        yield OldPlace(span, (RemoveStatement(source.path, source.span(statement)),))
    else:
        yield OldPlace(span, (Replace(source.path, span, "modal"),))


def _from_import(module: Module, statement: ast.stmt, alias: ast.alias) -> Iterator[OldPlace]:
    """Yield the places of a name that comes by ``from modal.aio import``: it stays where another file takes it."""
    source, path, new = module.source, module.source.path, _TODAY[alias.name]
    span, whole = source.span(alias), source.span(statement)
    assert isinstance(statement, ast.ImportFrom)
    if not all(each.name in _TODAY for each in statement.names):
        yield OldPlace(span)
        return
    renames = alias.asname is None and is_free(module, new) and not dependents(module, alias.name)
    text = new if renames else f"{new} as {alias.asname or alias.name}"
    at = whole.start + source.slice(whole).index(statement.module or "")
    home = Replace(path, Span(at, at + len(statement.module or "")), "modal")
    yield OldPlace(span, (home, Replace(path, span, text)))
    for read in imported_reads(module, alias) if renames else ():
        yield OldPlace(source.span(read), (Replace(path, source.span(read), new),))
