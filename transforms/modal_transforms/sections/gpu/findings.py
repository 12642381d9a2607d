"""What is said of an object, a mention and an import of ``modal.gpu``."""

from __future__ import annotations

import ast

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.definitions import definitions
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.exported import exports
from modal_transforms.analysis.modal_imports import Imported
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Finding, Span
from modal_transforms.modal_api.reexports import left_out, said_of, takers
from modal_transforms.sections.gpu.choices import (
    annotation_choice,
    constant_choice,
    string_choice,
    strings_choice,
    text_choice,
    without_import,
)
from modal_transforms.sections.gpu.count_reads import Kept, ask_strings, keep_count
from modal_transforms.sections.gpu.data_flow import Travel, attribute_reads, travel
from modal_transforms.sections.gpu.gpu_string import GPU, STRINGS, Gpu, Refused, read_call
from modal_transforms.sections.gpu.stray_reads import count_from_text
from modal_transforms.sections.gpu.type_checks import asked_kind

READ_ADVICE = 'Those who read .count find the number in the string too: int(gpu.partition(":")[2] or 1).'
STOCK_ADVICE = 'Write the string yourself: "A100-80GB:2" is two A100 of 80 GB; without a colon it is one.'
OWN_ADVICE = f"{STOCK_ADVICE} What reads the object's attributes needs a variable of its own."


def object_finding(module: Module, call: ast.Call, kind: str, linked: set[ast.Call]) -> Finding:
    """State what becomes of an object; calls whose numbers go with it are added to ``linked``."""
    try:
        gpu = read_call(module, call, kind)
        spelling = gpu.spelling()
    except Refused as reason:
        return manual_object(module, call, str(reason))
    found = travel(module, call)
    if found.inspections:
        return manual_object(module, call, *(f"{read.where} needs the object" for read in found.inspections))
    if found.suspects:
        return _read_elsewhere(module, call, found, linked)
    if found.counts or found.checks:
        return _counted(gpu, found, linked)
    doubts = (*spelling.doubts, *dict.fromkeys(found.doubts))
    evidence = (*doubts, *spelling.notes, *explain(module, call.func))
    return module.finding(
        "gpu-object",
        module.source.span(call),
        f"modal.gpu.{kind} is the string {spelling.text} now",
        Applicability.REVIEW if doubts else Applicability.SAFE,
        (string_choice(module, call, spelling.text),),
        evidence,
        since=_since(call),
        breaks_in=_breaks_in(call),
    )


def manual_object(module: Module, call: ast.Call, *reasons: str, advice: str = OWN_ADVICE) -> Finding:
    """State that an object cannot be made a string, and why."""
    return module.finding(
        "gpu-object",
        module.source.span(call),
        "modal.gpu was removed in 1.4.0",
        Applicability.MANUAL,
        evidence=(*reasons, *explain(module, call.func)),
        advice=advice,
        since=_since(call),
        breaks_in=_breaks_in(call),
    )


def _since(*calls: ast.Call) -> str:
    """Return the version that first warned of some objects, where it is another one than for most of ``modal.gpu``."""
    return "0.62.174" if any(keyword(call, "memory") for call in calls) else ""


def _breaks_in(*calls: ast.Call) -> str:
    """Return the version that first refused some objects, where ``A100(memory=)`` is one of them."""
    return "0.64.115" if any(keyword(call, "memory") for call in calls) else ""


def _read_elsewhere(module: Module, call: ast.Call, found: Travel, linked: set[ast.Call]) -> Finding:
    """State what becomes of the objects of a file, one of which something that cannot be followed may read."""
    reasons = tuple(f"{read.where} may read this object; a string's count is a method" for read in found.suspects)
    try:
        kept, doubts = count_from_text(module)
    except Refused as reason:
        advice = f"{STOCK_ADVICE} {READ_ADVICE}"
        return manual_object(module, call, *reasons, str(reason), advice=advice)
    linked.update(kept.calls)
    finding = module.finding(
        "gpu-count",
        [module.source.span(each) for each in kept.calls],
        "objects of modal.gpu are strings now, which have no .count",
        Applicability.REVIEW,
        (text_choice(module, kept),),
        (*reasons, *doubts, *explain(module, call.func)),
        since=_since(*kept.calls),
        breaks_in=_breaks_in(*kept.calls),
    )
    return kept.with_sites(finding)


def _counted(gpu: Gpu, found: Travel, linked: set[ast.Call]) -> Finding:
    module = gpu.module
    reads = (*found.counts, *found.checks)
    try:
        kept, doubts = (keep_count(gpu, found), ()) if found.counts else ask_strings(gpu, found)
    except Refused as reason:
        return manual_object(module, gpu.call, str(reason), *(f"{read.where} needs it" for read in reads))
    linked.update(kept.calls)
    if not found.counts:
        return kept.with_sites(_checked(gpu, found, kept, doubts))
    finding = module.finding(
        "gpu-count",
        [module.source.span(call) for call in kept.calls],
        f"modal.gpu.{gpu.kind} is a string now, which has no .count",
        Applicability.REVIEW,
        (constant_choice(module, kept),),
        (*(f"{read.where} needs the number" for read in found.counts), *found.doubts, *explain(module, gpu.call.func)),
        since=_since(*kept.calls),
        breaks_in=_breaks_in(*kept.calls),
    )
    return kept.with_sites(finding)


def _checked(gpu: Gpu, found: Travel, kept: Kept, doubts: tuple[str, ...]) -> Finding:
    """State that strings are compared where the type of an object is asked for."""
    module = gpu.module
    reads = (f"{read.where} asks for the type" for read in found.checks)
    return module.finding(
        "gpu-type",
        [module.source.span(call) for call in kept.calls],
        f"modal.gpu.{gpu.kind} is a string now, of no class of Modal's",
        Applicability.REVIEW,
        (strings_choice(module, kept),),
        (*reads, *doubts, *found.doubts, *explain(module, gpu.call.func)),
        since=_since(*kept.calls),
        breaks_in=_breaks_in(*kept.calls),
    )


def is_answered(module: Module, call: ast.Call) -> bool:
    """Tell whether the finding of an object changes an ``isinstance`` of it too."""
    if not asked_kind(module, call):
        return False
    for found in definitions(module, call.args[0]):
        if not isinstance(found.value, ast.Call):
            return False
        kind = found.module.symbol(found.value.func).removeprefix(f"{GPU}.")
        made = object_finding(found.module, found.value, kind, set()) if kind in STRINGS else None
        place = module.source.site(module.source.span(call))
        return made is not None and bool(made.choices) and place in made.sites
    return False


def annotation_finding(module: Module, node: ast.expr, symbol: str, replaced: tuple[Span, str]) -> Finding:
    """State that an annotation names a class of ``modal.gpu``; ``replaced`` is what to replace there, and by what."""
    doubts = _doubts(module, node)
    return module.finding(
        "gpu-annotation",
        module.source.span(node),
        f"{symbol} was removed in 1.4.0; GPUs are strings",
        Applicability.REVIEW if doubts else Applicability.SAFE,
        (annotation_choice(module, replaced, bool(doubts)),),
        (*doubts, *explain(module, node)),
    )


def _doubts(module: Module, node: ast.expr) -> list[str]:
    """Say why an annotation may matter at run time, or what would not work with a string."""
    around = next(each for each in module.index.ancestors(node) if isinstance(each, (ast.arg, ast.stmt)))
    if isinstance(around, ast.AnnAssign) and module.index.scopes[around].is_class:
        return ["it is a field of a class, which may be checked"]
    bindings = [b for scope in module.index.inner.values() for b in scope.bindings.get(getattr(around, "arg", ""), [])]
    reads = [read for binding in bindings if binding.node is around for read in attribute_reads(module, binding)]
    return [f"{read.where} needs more than a string" for read in reads]


def mention_finding(module: Module, node: ast.expr, symbol: str) -> Finding:
    """State that a name of ``modal.gpu`` is used as a value."""
    parent = module.index.parents[node]
    kind = symbol.removeprefix(f"{GPU}.")
    advice = "GPUs are strings: compare strings, and keep a table of strings where there was one of classes."
    if isinstance(parent, ast.keyword) and parent.arg == "gpu" and kind[:1].isupper():
        advice = f'Without a call it was never accepted as a GPU; write gpu="{kind}".'
    return module.finding(
        "gpu-mention",
        module.source.span(node),
        f"{symbol} was removed in 1.4.0",
        Applicability.MANUAL,
        evidence=explain(module, node),
        advice=advice,
    )


def import_finding(module: Module, imported: Imported) -> Finding:
    """State that an import fails, which nothing in the file reads."""
    path, source = module.source.path, module.source
    listed = exports(module, imported.name)
    readers = takers(module, imported.name)
    shown = path.endswith("__init__.py") or bool(listed) or bool(readers)
    if not all(isinstance(module.index.parents[entry], ast.List) for entry in listed):
        return manual_import(module, imported)
    doubts = said_of(readers)
    doubts += ["it is exported by __all__"] if listed else []
    doubts += ["other files may import it from this package"] if path.endswith("__init__.py") else []
    return module.finding(
        "gpu-import",
        source.span(imported.alias),
        f"{imported.path} cannot be imported from 1.4.0 on",
        Applicability.REVIEW if shown else Applicability.SAFE,
        (without_import(module, imported, shown, left_out(readers)),),
        tuple(doubts),
    )


def manual_import(module: Module, imported: Imported) -> Finding:
    """State that an import fails, where only a person can tell what needs it."""
    return module.finding(
        "gpu-import",
        module.source.span(imported.alias),
        f"{imported.path} cannot be imported from 1.4.0 on",
        Applicability.MANUAL,
        advice="Delete the import, and what hands the name on.",
    )
