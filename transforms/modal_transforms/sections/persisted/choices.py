"""The ways to write a lookup by name for a maker that has gone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword, keyword_name
from modal_transforms.analysis.comments import comments_kept
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import call_of, text_of
from modal_transforms.core.model import AddArgument, Ask, Change, Choice, RemoveArgument, Replace, Span
from modal_transforms.modal_api.classes import app_name
from modal_transforms.rewrite.line_length import line_length

_CREATES = "create_if_missing=True"
_KEYWORDS = frozenset({"label", "name", "namespace", "environment_name", "cloud", "create_if_missing"})


def looked_up(module: Module, node: ast.Attribute) -> Choice | None:
    """Return the choice to look an object up by the name that it is persisted under; ``None`` where that is unclear."""
    call = call_of(module.index, node)
    if call is None or not _is_plain(call) or not (call.args or keyword(call, "label") or keyword(call, "name")):
        return None
    owner = _owner(module, node)
    if owner is None:
        return None
    changes = (*_maker(module, node, owner), *_arguments(module, call))
    return Choice("from-name", "write from_name", "None: it is the same object, with the same data.", changes)


def names_cloud(module: Module, node: ast.Attribute) -> bool:
    """Tell whether it says in which cloud a new object is to be, which ``from_name`` cannot."""
    calls = (call_of(module.index, node), node.value)
    return any(isinstance(call, ast.Call) and keyword(call, "cloud") is not None for call in calls)


def named(module: Module, kind: str, node: ast.Attribute) -> Choice | None:
    """Return the choice to give a new object a name; ``None`` where data is given, or nobody can tell what."""
    call = call_of(module.index, node)
    if (
        call is None
        or not _is_plain(call)
        or (call.args and (kind != "NetworkFileSystem" or not text_of(call.args[0])))
    ):
        return None
    owner = _owner(module, node)
    if owner is None:
        return None
    ask = Ask("name", f"name of the {kind}", _proposed(module, call))
    changes: list[Change] = [*_maker(module, node, owner)]
    if call.args:
        changes.append(Replace(module.source.path, module.source.span(call.args[0]), f'"{ask.placeholder}"'))
        changes += _arguments(module, call)
    else:
        end = module.source.span(call).end
        opening = Span(module.source.span(node).end, end)
        text = f'("{ask.placeholder}", {_CREATES})'
        changes.append(Replace(module.source.path, opening, text, line_length(module)))
    return _choice(ask, changes)


def constructed(module: Module, kind: str, call: ast.Call) -> Choice | None:
    """Return the choice to give an object a name that is made by a call of its class.

    ``None`` where data is given, and in a function, which makes another one each time.
    """
    if call.args or any(item.arg != "cloud" for item in call.keywords) or module.function_around(call) is not None:
        return None
    ask = Ask("name", f"name of the {kind}", _proposed(module, call))
    brackets = Span(module.source.span(call.func).end, module.source.span(call).end)
    text = f'.from_name("{ask.placeholder}", {_CREATES})'
    made = Replace(module.source.path, brackets, text, line_length(module))
    return _choice(ask, [made, *comments_kept(module.source, brackets)])


def _choice(ask: Ask, changes: list[Change]) -> Choice:
    effect = "It outlives the run: the next one finds what this one left."
    return Choice("named", f"look it up by name: {ask.default}", effect, tuple(changes), (ask,))


def _is_plain(call: ast.Call) -> bool:
    """Tell whether it can be told which argument is what."""
    if len(call.args) > 1 or any(isinstance(arg, ast.Starred) for arg in call.args):
        return False
    return all(item.arg in _KEYWORDS for item in call.keywords)


def _owner(module: Module, node: ast.Attribute) -> ast.expr | None:
    """Return the class: in ``Volume.persisted``, ``SharedVolume().persist`` and ``Volume.new(...).persisted``."""
    owner = node.value
    if not isinstance(owner, ast.Call):
        return owner if not module.symbol(owner).endswith("()") else None
    made = owner.func
    if isinstance(made, ast.Attribute) and made.attr == "new":
        made = made.value
    return made if not module.symbol(made).endswith("()") else None


def _maker(module: Module, node: ast.Attribute, owner: ast.expr) -> tuple[Change, ...]:
    """Write ``from_name`` in place of all between the class and the brackets; comments there go above the line."""
    start, end = module.source.span(owner).end, module.source.span(node).end
    if owner is node.value:
        return (Replace(module.source.path, module.source.attribute_word(node), "from_name"),)
    return Replace(module.source.path, Span(start, end), ".from_name"), *comments_kept(module.source, Span(start, end))


def _arguments(module: Module, call: ast.Call) -> Iterator[Change]:
    path, whole = module.source.path, module.source.span(call)
    for item in call.keywords:
        if item.arg == "cloud":
            yield RemoveArgument(path, whole, module.source.span(item))
        elif item.arg == "label" and item is call.keywords[0]:
            yield Replace(path, Span(module.source.span(item).start, module.source.span(item.value).start), "")
        elif item.arg == "label":
            yield Replace(path, keyword_name(module, item), "name")
    if keyword(call, "create_if_missing") is None:
        yield AddArgument(path, whole, _CREATES, line_length(module))


def _proposed(module: Module, call: ast.Call) -> str:
    """Return a name: what is given for one, or else that of the app and of what it is bound to."""
    given = text_of(call.args[0]) if call.args else None
    if given is not None:
        return given
    statement, around = module.index.statement(call), module.index.parents[call]
    if isinstance(around, ast.keyword) and around.arg is not None:
        return re.sub(r"[^A-Za-z0-9._-]+", "-", "-".join(part for part in (_first_app(module), around.arg) if part))
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    target = targets[0]
    variable = target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""
    app = app_name(module, target.value) if isinstance(target, ast.Attribute) else _first_app(module)
    return re.sub(r"[^A-Za-z0-9._-]+", "-", "-".join(part for part in (app, variable) if part)) or "data"


def _first_app(module: Module) -> str | None:
    calls = (call for call in module.index.calls if module.symbol(call.func) == "modal.App")
    return next((name for call in calls if (name := app_name(module, call))), None)
