"""What is said of the makers of persistent objects."""

from __future__ import annotations

import ast

from msgspec.structs import replace

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Finding, Section, Span
from modal_transforms.modal_api.needs import CREATING
from modal_transforms.sections.persisted.choices import looked_up, named, names_cloud


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
    )


def new_finding(module: Module, section: Section, kind: str, node: ast.Attribute) -> Finding:
    """State that an object is made that lived as long as a run of its app."""
    choice = named(module, kind, node)
    once = f"`with modal.{kind}.ephemeral() as ...:` around what uses it"
    if choice:
        advice = f"For an object that goes with the run, write {once}, in the local entrypoint."
    else:
        advice = f"Write modal.{kind}.from_name(name, create_if_missing=True) and put its data in, or {once}."
    return module.finding(
        section,
        "new",
        _word(module, node),
        f"{kind}.new has gone: an object has a name, or lives within a with block",
        Applicability.REVIEW if choice else Applicability.MANUAL,
        (replace(choice, needs=CREATING.get(kind, "")),) if choice else (),
        explain(module, node),
        advice,
    )


def _word(module: Module, node: ast.Attribute) -> Span:
    return module.source.attribute_word(node)
