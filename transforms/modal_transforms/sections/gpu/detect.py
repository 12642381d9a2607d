"""Calls of the classes of ``modal.gpu``: one finding each, or one for a name and those that read its count."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.comments import comments_in
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import AddLine, Applicability, Change, Choice, Finding, Replace, Section
from modal_transforms.sections.gpu.count_reads import keep_count
from modal_transforms.sections.gpu.data_flow import Travel, travel
from modal_transforms.sections.gpu.gpu_string import STRINGS, Gpu, Refused, read_call

PREFIX = "modal.gpu."
READ_ADVICE = 'Those who read .count find the number in the string too: int(gpu.partition(":")[2] or 1).'
STOCK_ADVICE = 'Write the string yourself: "A100-80GB:2" is two A100 of 80 GB; without a colon it is one.'
OWN_ADVICE = f"{STOCK_ADVICE} What reads the object's attributes needs a variable of its own."
SAME = "None: it asks for the same hardware."


def find_objects(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the calls that make GPU objects."""
    linked: set[ast.Call] = set()
    for call in module.index.calls:
        symbol = module.symbol(call.func)
        if symbol.startswith(PREFIX) and not symbol.endswith(")") and call not in linked:
            kind = symbol.removeprefix(PREFIX)
            if kind in STRINGS:
                yield _finding(module, section, call, kind, linked)
            elif kind[:1].isupper():
                yield _manual(module, section, call, f"modal.gpu.{kind} has no string that is known to mean the same")


def _finding(module: Module, section: Section, call: ast.Call, kind: str, linked: set[ast.Call]) -> Finding:
    try:
        gpu = read_call(module, call, kind)
        spelling = gpu.spelling()
    except Refused as reason:
        return _manual(module, section, call, str(reason))
    found = travel(module, call)
    if found.inspections:
        return _manual(module, section, call, *(f"{read.where} needs the object" for read in found.inspections))
    if found.suspects:
        reasons = (f"{read.where} may read this object; a string's count is a method" for read in found.suspects)
        return _manual(module, section, call, *reasons, advice=f"{STOCK_ADVICE} {READ_ADVICE}")
    if found.counts:
        return _counted(section, gpu, found, linked)
    doubts = (*spelling.doubts, *found.doubts)
    changes = (Replace(module.source.path, module.source.span(call), spelling.text), *kept_comments(module, call))
    return module.finding(
        section,
        "gpu-object",
        module.source.span(call),
        f"modal.gpu.{kind} is the string {spelling.text} now",
        Applicability.REVIEW if doubts else Applicability.SAFE,
        (Choice("string", f"write {spelling.text}", SAME, changes),),
        (*doubts, *module.evidence(call.func)),
    )


def _manual(module: Module, section: Section, call: ast.Call, *reasons: str, advice: str = OWN_ADVICE) -> Finding:
    return module.finding(
        section,
        "gpu-object",
        module.source.span(call),
        "modal.gpu was removed in 1.4.0",
        Applicability.MANUAL,
        evidence=(*reasons, *module.evidence(call.func)),
        advice=advice,
    )


def _counted(section: Section, gpu: Gpu, found: Travel, linked: set[ast.Call]) -> Finding:
    module = gpu.module
    try:
        kept = keep_count(gpu, found)
    except Refused as reason:
        return _manual(module, section, gpu.call, str(reason), *(f"{read.where} needs it" for read in found.counts))
    linked.update(kept.calls)
    changes: list[Change] = [*kept.changes]
    for call in kept.calls:
        changes += kept_comments(module, call)
    finding = module.finding(
        section,
        "gpu-count",
        [module.source.span(call) for call in kept.calls],
        f"modal.gpu.{gpu.kind} is a string now, which has no .count",
        Applicability.REVIEW,
        (Choice("constant", f"keep the number in {kept.name}", kept.effect, tuple(changes)),),
        (*(f"{read.where} needs the number" for read in found.counts), *found.doubts, *module.evidence(gpu.call.func)),
    )
    return kept.with_sites(finding)


def kept_comments(module: Module, call: ast.Call) -> tuple[Change, ...]:
    """Return the changes that put the comments inside a call above the line that it begins in."""
    span = module.source.span(call)
    text = module.source.slice(span)
    if "#" not in text:
        return ()
    return tuple(AddLine(module.source.path, span, comment, before=True) for _, comment in comments_in(text))
