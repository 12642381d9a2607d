"""Objects that keep their data under a name: ``Volume.persisted("n")`` and ``.new()``.

``persisted`` and ``persist`` of volumes, network file systems, dicts and queues raised an error before they went in
0.66.19. ``from_name(..., create_if_missing=True)`` gives the same object. ``.new()`` made an object that lived as long
as one run of the app; what takes its place has to be decided.

    modal.Volume.persisted("n")        ->    modal.Volume.from_name("n", create_if_missing=True)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec.structs import replace

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import call_of
from modal_transforms.core.model import Applicability, Choice, Finding, Section
from modal_transforms.core.patterns import pattern
from modal_transforms.modal_api.guards import is_guarded
from modal_transforms.modal_api.needs import CREATING
from modal_transforms.sections.persisted.choices import constructed, looked_up, named, names_cloud

SECTION = Section(
    slug="persisted",
    title="Objects that persist",
    breaks_in="0.62.203",
    subject="look up persistent objects by name",
    what=(
        "Volume, NetworkFileSystem, Dict and Queue have no persisted(), persist() and new() any more: "
        "from_name(name, create_if_missing=True) looks one up, or makes it."
    ),
    why="Since 0.62 these methods raise, since 0.66.19 they are not there. The data of persisted objects stays.",
    before='stub.volume = modal.Volume.persisted("models")',
    after='stub.volume = modal.Volume.from_name("models", create_if_missing=True)',
)

_TODAY = {"SharedVolume": "NetworkFileSystem"}
_NAMES = frozenset({"persist", "persisted", "new"})
_KINDS = ("Volume", "NetworkFileSystem", "SharedVolume", "Dict", "Queue")
_CLASS = pattern(rf"modal\.({'|'.join(_KINDS)})")
_MAKER = pattern(_CLASS.pattern + r"(\(\))?\.(persist|persisted|new)")

_REFUSED = {"Dict": "0.50.3054", "Queue": "0.50.3054", "Volume": "0.52.3472", "NetworkFileSystem": "0.52.3472"}
"""The first version that refuses a call of the class."""


def find(module: Module) -> Iterator[Finding]:
    """Yield the calls of ``persisted``, ``persist`` and ``new`` of a file."""
    for node in module.index.attributes:
        made = _MAKER.fullmatch(module.symbol(node)) if node.attr in _NAMES else None
        if made is None or is_guarded(module, node) or _is_made_persistent(module, node):
            continue
        finding = _new_finding if node.attr == "new" else _persisted_finding
        yield finding(module, _TODAY.get(made[1], made[1]), node)
    for call in module.index.calls:
        if getattr(call.func, "attr", getattr(call.func, "id", "")) not in _KINDS:
            continue
        made = _CLASS.fullmatch(module.symbol(call.func))
        if made is not None and not is_guarded(module, call) and not _is_made_persistent(module, call.func):
            yield _constructed_finding(module, _TODAY.get(made[1], made[1]), call)


def _is_made_persistent(module: Module, node: ast.expr) -> bool:
    """Tell whether it is only the beginning of ``.new().persisted(...)``, which is one finding."""
    call = call_of(module.index, node)
    around = module.index.parents.get(call) if call is not None else None
    return isinstance(around, ast.Attribute) and around.attr in {"persist", "persisted"}


def _persisted_finding(module: Module, kind: str, node: ast.Attribute) -> Finding:
    """State that an object is made persistent by a method that has gone."""
    choice = looked_up(module, node)
    sure = Applicability.REVIEW if names_cloud(module, node) else Applicability.SAFE
    doubts = ("cloud= goes: from_name does not take it",) if choice and sure is Applicability.REVIEW else ()
    return module.finding(
        "persisted",
        module.source.attribute_word(node),
        f"{kind}.{node.attr} is from_name(..., create_if_missing=True) now",
        sure if choice else Applicability.MANUAL,
        (replace(choice, needs=CREATING.get(kind, "")),) if choice else (),
        (*doubts, *explain(module, node)),
        "" if choice else f"Write modal.{kind}.from_name(name, create_if_missing=True).",
        breaks_in="0.51.3294" if node.attr == "persist" else "",
    )


def _new_finding(module: Module, kind: str, node: ast.Attribute) -> Finding:
    """State that an object is made that lived as long as a run of its app."""
    message = f"{kind}.new has gone: an object has a name, or lives within a with block"
    return _unnamed(module, "new", kind, node, message, named(module, kind, node))


def _constructed_finding(module: Module, kind: str, call: ast.Call) -> Finding:
    """State that an object is made by a call of its class, which lived as long as a run of its app."""
    message = f"{kind}(...) is refused: an object has a name, or lives within a with block"
    return _unnamed(module, "constructor", kind, call.func, message, constructed(module, kind, call))


def _unnamed(module: Module, rule: str, kind: str, node: ast.expr, message: str, choice: Choice | None) -> Finding:
    once = f"`with modal.{kind}.ephemeral() as ...:` around what uses it"
    if choice:
        advice = f"For an object that goes with the run, write {once}, in the local entrypoint."
    else:
        advice = f"Write modal.{kind}.from_name(name, create_if_missing=True) and put its data in, or {once}."
    return module.finding(
        rule,
        module.source.attribute_word(node) if isinstance(node, ast.Attribute) else module.source.span(node),
        message,
        Applicability.REVIEW if choice else Applicability.MANUAL,
        (replace(choice, needs=CREATING.get(kind, "")),) if choice else (),
        explain(module, node),
        advice,
        breaks_in=_REFUSED.get(kind, "") if rule == "constructor" else "",
    )
