"""``lookup`` that is not called on the spot: passed on, bound to a name, patched in tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Section, Span
from modal_transforms.modal_api.lookups.parameters import PARAMETERS
from modal_transforms.modal_api.lookups.tokens import name_of

_PATCHED = re.compile(r"modal\.(?:\w+\.)?(\w+)\.lookup")
_RENAMED = "What is called here is from_name: it does not ask Modal, and takes all but the names by keyword."


def find_references(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the places that name ``lookup`` without calling it."""
    for node in module.index.attributes:
        if node.attr == "lookup" and module.symbol(node).removesuffix(".lookup") in PARAMETERS:
            yield from _passed_on(module, section, node)
    for string in module.index.strings:
        if isinstance(string.value, str) and "lookup" in string.value:
            yield from _in_text(module, section, string)


def _passed_on(module: Module, section: Section, node: ast.Attribute) -> Iterator[Finding]:
    parent = module.index.parents[node]
    is_aio = isinstance(parent, ast.Attribute) and parent.attr == "aio"
    function: ast.AST = parent if is_aio else node
    caller = module.index.parents[function]
    place = name_of(module, node)
    if place is None or (isinstance(caller, ast.Call) and caller.func is function):
        return
    message = f"{module.symbol(node).removeprefix('modal.')} was removed in 1.2.0"
    evidence = module.evidence(node)
    if is_aio:
        advice = "from_name has no .aio: pass on a function of your own that calls from_name(...).hydrate.aio()."
        yield module.finding(section, "lookup-reference", place, message, Applicability.MANUAL, (), evidence, advice)
        return
    yield _renaming(module, section, place, message, evidence)


def _in_text(module: Module, section: Section, string: ast.Constant) -> Iterator[Finding]:
    """Yield ``patch("modal.Function.lookup")`` and ``patch.object(modal.Function, "lookup")``."""
    parent = module.index.parents[string]
    if not isinstance(parent, ast.Call) or string not in parent.args:
        return
    symbol = ""
    patched = _PATCHED.fullmatch(str(string.value))
    if patched:
        symbol = f"modal.{patched[1]}"
    elif string.value == "lookup" and parent.args.index(string) == 1:
        symbol = module.symbol(parent.args[0])
    written = module.source.slice(module.source.span(string))
    if symbol not in PARAMETERS or written.count("lookup") != 1:
        return
    start = module.source.span(string).start + len(module.source.encode(written[: written.index("lookup")]))
    message = f"{symbol.removeprefix('modal.')}.lookup was removed in 1.2.0; this text names it"
    yield _renaming(module, section, Span(start, start + len("lookup")), message, ())


def _renaming(module: Module, section: Section, place: Span, message: str, evidence: tuple[str, ...]) -> Finding:
    choice = Choice("from-name", "rename to from_name", _RENAMED, (Replace(module.source.path, place, "from_name"),))
    return module.finding(section, "lookup-reference", place, message, Applicability.REVIEW, (choice,), evidence)
