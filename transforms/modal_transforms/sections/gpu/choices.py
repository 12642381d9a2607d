"""The ways to name a GPU by a string."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from modal_transforms.analysis.comments import comments_kept
from modal_transforms.analysis.exported import without_exports
from modal_transforms.analysis.modal_imports import Imported
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Change, Choice, DropImport, Replace, Span
from modal_transforms.sections.gpu.count_reads import Kept


def string_choice(module: Module, call: ast.Call, text: str) -> Choice:
    """Return the choice to write a string for a call that makes an object."""
    changes: tuple[Change, ...] = (
        Replace(module.source.path, module.source.span(call), text),
        *comments_kept(module.source, module.source.span(call)),
    )
    return Choice("string", f"write {text}", "None: it asks for the same hardware.", changes)


def constant_choice(module: Module, kept: Kept) -> Choice:
    """Return the choice to write strings, and to keep the number of GPUs in a constant."""
    comments = [change for call in kept.calls for change in comments_kept(module.source, module.source.span(call))]
    return Choice("constant", f"keep the number in {kept.name}", kept.effect, (*kept.changes, *comments))


def strings_choice(module: Module, kept: Kept) -> Choice:
    """Return the choice to write strings, and to compare strings where types are asked for."""
    comments = [change for call in kept.calls for change in comments_kept(module.source, module.source.span(call))]
    label = f"write strings, and ask {kept.name} for its text"
    return Choice("strings", label, kept.effect, (*kept.changes, *comments))


def text_choice(module: Module, kept: Kept) -> Choice:
    """Return the choice to write strings, and to take the number of GPUs out of them where it is read."""
    comments = [change for call in kept.calls for change in comments_kept(module.source, module.source.span(call))]
    return Choice("text", f"take the number from {kept.name}", kept.effect, (*kept.changes, *comments))


def annotation_choice(module: Module, replaced: tuple[Span, str], is_checked: bool) -> Choice:
    """Return the choice to annotate as ``str``.

    ``replaced`` is what to replace in the annotation and by which text; ``is_checked`` tells that something may look
    at the annotation.
    """
    span, text = replaced
    change = Replace(module.source.path, span, text)
    label = "annotate as str" if text else "leave it out beside str"
    effect = "A string is asked for, where anything checks." if is_checked else "None: nothing checks it at run time."
    return Choice("str", label, effect, (change,))


def without_import(module: Module, imported: Imported, shown: bool, others: Sequence[Change]) -> Choice:
    """Return the choice to delete an import and its entries in ``__all__``; ``shown`` tells that others may need it.

    ``others`` are the changes of files that import it from here.
    """
    effect = "Code that takes it from here fails, as it would on 1.4.0 anyway." if shown else "None: nothing uses it."
    entries = without_exports(module, imported.name)
    return Choice(
        "remove", "remove the import", effect, (DropImport(module.source.path, imported.name), *entries, *others)
    )
