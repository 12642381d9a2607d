"""What is said of the makers of persistent objects."""

from __future__ import annotations

import ast

from msgspec.structs import replace

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, Section, Span
from modal_transforms.modal_api.needs import CREATING
from modal_transforms.sections.persisted.choices import constructed, looked_up, named, names_cloud

_REFUSED = {"Dict": "0.50.3054", "Queue": "0.50.3054", "Volume": "0.52.3472", "NetworkFileSystem": "0.52.3472"}
"""The first version that refuses a call of the class."""


def persisted_finding(module: Module, section: Section, kind: str, node: ast.Attribute) -> Finding:
    """State that an object is made persistent by a method that has gone."""
    choice = looked_up(module, node)
    sure = Applicability.REVIEW if names_cloud(module, node) else Applicability.SAFE
    doubts = ("cloud= goes: from_name does not take it",) if choice and sure is Applicability.REVIEW else ()
    return module.finding(
        section,
        "persisted",
        _word(module, node),
        f"{kind}.{node.attr} is from_name(..., create_if_missing=True) now",
        sure if choice else Applicability.MANUAL,
        (replace(choice, needs=CREATING.get(kind, "")),) if choice else (),
        (*doubts, *explain(module, node)),
        "" if choice else f"Write modal.{kind}.from_name(name, create_if_missing=True).",
        breaks_in="0.51.3294" if node.attr == "persist" else "",
    )


def new_finding(module: Module, section: Section, kind: str, node: ast.Attribute) -> Finding:
    """State that an object is made that lived as long as a run of its app."""
    message = f"{kind}.new has gone: an object has a name, or lives within a with block"
    return _unnamed(module, section, "new", kind, node, message, named(module, kind, node))


def constructed_finding(module: Module, section: Section, kind: str, call: ast.Call) -> Finding:
    """State that an object is made by a call of its class, which lived as long as a run of its app."""
    message = f"{kind}(...) is refused: an object has a name, or lives within a with block"
    return _unnamed(module, section, "constructor", kind, call.func, message, constructed(module, kind, call))


def _unnamed(
    module: Module, section: Section, rule: str, kind: str, node: ast.expr, message: str, choice: Choice | None
) -> Finding:
    once = f"`with modal.{kind}.ephemeral() as ...:` around what uses it"
    if choice:
        advice = f"For an object that goes with the run, write {once}, in the local entrypoint."
    else:
        advice = f"Write modal.{kind}.from_name(name, create_if_missing=True) and put its data in, or {once}."
    return module.finding(
        section,
        rule,
        _word(module, node) if isinstance(node, ast.Attribute) else module.source.span(node),
        message,
        Applicability.REVIEW if choice else Applicability.MANUAL,
        (replace(choice, needs=CREATING.get(kind, "")),) if choice else (),
        explain(module, node),
        advice,
        breaks_in=_REFUSED.get(kind, "") if rule == "constructor" else "",
    )


def _word(module: Module, node: ast.Attribute) -> Span:
    return module.source.attribute_word(node)
