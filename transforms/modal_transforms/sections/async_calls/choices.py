"""How a blocking call is awaited, looped over, or entered, by where it stands."""

from __future__ import annotations

import ast

from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Change, Choice, Replace, Span
from modal_transforms.modal_api.lookups.tokens import name_of
from modal_transforms.sections.async_calls.detect import Blocking, Chain

_TAKES_COROUTINES = frozenset("gather create_task wait_for ensure_future shield as_completed wait".split())
_BINDS_TIGHTER = (ast.Attribute, ast.Subscript, ast.Call)
_IN_A_ROW = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.Starred, ast.List, ast.Tuple)
_DISPLAYS = (ast.ListComp, ast.SetComp, ast.DictComp)
_EFFECT = "The event loop goes on with other tasks while this one waits."


def choice(module: Module, chain: Chain) -> Choice | None:
    """Return the choice that lets the event loop go on; ``None`` where a person has to rewrite more."""
    if any(isinstance(around, ast.JoinedStr) for around in module.index.ancestors(chain[-1].call)):
        return None
    if any(name_of(module, each.name) is None or each.is_generator or each.is_context for each in chain[:-1]):
        return None
    last, path = chain[-1], module.source.path
    made = _before(module, last)
    if made is None or name_of(module, last.name) is None:
        return None
    label, opening, changes = made
    start = module.source.span(chain[0].call).start
    for each in reversed(chain[:-1]):
        opening += "(await "
        end = module.source.span(each.call).end
        changes.append(Replace(path, Span(end, end), ")"))
    if opening:
        changes.append(Replace(path, Span(start, start), opening))
    for each in (each for each in chain if not each.is_context):
        end = module.source.span(each.name).end
        changes.append(Replace(path, Span(end, end), ".aio"))
    return Choice("await", label, _EFFECT, tuple(changes))


def _before(module: Module, found: Blocking) -> tuple[str, str, list[Change]] | None:
    """Return what the choice is called, what goes before the call, and the changes around it."""
    parent = module.index.parents[found.call]
    name = found.name.attr
    if isinstance(parent, ast.withitem):
        return _entered(module, parent) if found.is_context else None
    if found.is_context:
        return None
    if found.is_generator:
        return _looped(module, found, parent)
    if isinstance(parent, ast.Await):
        return f"{name}.aio", "", []
    if _is_handed_over(module, found.call):
        return f"{name}.aio", "", []
    if _in_generator(module, found.call):
        return None
    is_tight = isinstance(parent, _BINDS_TIGHTER) and found.call in (
        getattr(parent, "value", None),
        getattr(parent, "func", None),
    )
    if not is_tight:
        return f"await {name}.aio", "await ", []
    end = module.source.span(found.call).end
    return f"await {name}.aio", "(await ", [Replace(module.source.path, Span(end, end), ")")]


def _looped(module: Module, found: Blocking, parent: ast.AST) -> tuple[str, str, list[Change]] | None:
    """Return the same for a generator: it is looped over, or made a list of."""
    source, label = module.source, f"async for, over {found.name.attr}.aio"
    if isinstance(parent, ast.For) and parent.iter is found.call:
        at = source.span(parent).start
        return label, "", [Replace(source.path, Span(at, at), "async ")]
    if isinstance(parent, ast.comprehension):
        display = module.index.parents[parent]
        place = _for(module, parent, display)
        if isinstance(display, _DISPLAYS) and place is not None and not _in_generator(module, display):
            return label, "", [Replace(source.path, Span(place, place), "async ")]
        return None
    name = parent.func.id if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) else ""
    assert isinstance(parent, ast.Call) or not name
    alone = isinstance(parent, ast.Call) and len(parent.args) == 1 and not parent.keywords
    if name == "list" and alone and not _in_generator(module, parent) and isinstance(parent, ast.Call):
        whole, inside = source.span(parent), source.span(found.call)
        if source.slice(Span(whole.start, inside.start)) == "list(" and not module.index.module.find(name):
            opening = Replace(source.path, Span(whole.start, inside.start), "[item async for item in ")
            closing = Replace(source.path, Span(inside.end, whole.end), "]")
            return f"a list, by {label}", "", [opening, closing]
    return None


def _for(module: Module, part: ast.comprehension, display: ast.AST) -> int | None:
    """Return where the ``for`` of a comprehension is written."""
    source = module.source
    if part.is_async or not isinstance(display, _DISPLAYS):
        return None
    at = display.generators.index(part)
    element = display.value if isinstance(display, ast.DictComp) else display.elt
    before: ast.expr = element
    if at:
        earlier = display.generators[at - 1]
        before = earlier.ifs[-1] if earlier.ifs else earlier.iter
    start, end = source.span(before).end, source.span(part.target).start
    between = source.slice(Span(start, end))
    place = between.rfind("for")
    if place < 0 or "#" in between or between.count("for") != 1:
        return None
    return start + len(source.encode(between[:place]))


def _entered(module: Module, item: ast.withitem) -> tuple[str, str, list[Change]] | None:
    """Return the same for a context manager that a ``with`` of its own enters; there no ``.aio`` is written."""
    block = module.index.parents[item]
    if not isinstance(block, ast.With) or len(block.items) != 1:
        return None
    at = module.source.span(block).start
    return "async with", "", [Replace(module.source.path, Span(at, at), "async ")]


def _is_handed_over(module: Module, call: ast.Call) -> bool:
    """Tell whether a call is an argument of something that awaits what it is given."""
    node: ast.AST = call
    parent = module.index.parents[call]
    while isinstance(parent, _IN_A_ROW) and node in (
        getattr(parent, "elt", None),
        getattr(parent, "value", None),
        *getattr(parent, "elts", ()),
    ):
        node, parent = parent, module.index.parents[parent]
    if not isinstance(parent, ast.Call) or node is parent.func:
        return False
    owner, _, name = (qualified_name(module, parent.func) or "").rpartition(".")
    return owner == "asyncio" and name in _TAKES_COROUTINES


def _in_generator(module: Module, node: ast.AST) -> bool:
    """Tell whether a node runs when a generator is asked for its next value: an ``await`` would make that another."""
    below, child = node, node
    for around in module.index.ancestors(node):
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return False
        if isinstance(around, ast.GeneratorExp):
            first = around.generators[0]
            if child is not first or below is not first.iter:
                return True
        below, child = child, around
    return False
