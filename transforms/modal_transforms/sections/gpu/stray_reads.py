"""Take the number out of the string, where ``.count`` is read of something that may be an object of this file."""

from __future__ import annotations

import ast

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Replace
from modal_transforms.sections.gpu.count_reads import Kept
from modal_transforms.sections.gpu.data_flow import Read, travel
from modal_transforms.sections.gpu.gpu_string import GPU, STRINGS, Gpu, Refused, read_call

_EFFECT = "None where it reads one of these strings; an object of another kind has no number to take out there."


def count_from_text(module: Module) -> tuple[Kept, tuple[str, ...]]:
    """Return how to write strings for all objects of a file that may be read, and doubts; raises `Refused`.

    One of them alone would leave the reader with a string or an object.
    """
    answer = module.once(_answer)
    if isinstance(answer, Refused):
        raise answer
    return answer


def _answer(module: Module) -> tuple[Kept, tuple[str, ...]] | Refused:
    try:
        gpus, reads, doubts = _read_anywhere(module)
        spellings = [gpu.spelling() for gpu in gpus]
        numbers = [_number(read) for read in reads]
    except Refused as reason:
        return reason
    path, source = module.source.path, module.source
    strings = [Replace(path, source.span(gpu.call), each.text) for gpu, each in zip(gpus, spellings, strict=True)]
    places = tuple((read.module, read.module.source.span(read.node)) for read in reads)
    kept = Kept("the string", _EFFECT, tuple(gpu.call for gpu in gpus), (*strings, *numbers), places)
    return kept, tuple(dict.fromkeys((*doubts, *(doubt for each in spellings for doubt in each.doubts))))


def _read_anywhere(module: Module) -> tuple[list[Gpu], list[Read], tuple[str, ...]]:
    """Return the objects that reads elsewhere may mean, these reads, and doubts."""
    gpus: list[Gpu] = []
    reads: dict[int, Read] = {}
    doubts: tuple[str, ...] = ()
    for call in module.index.calls:
        kind = module.symbol(call.func).removeprefix(f"{GPU}.")
        found = travel(module, call) if kind in STRINGS else None
        if found is None or not found.suspects:
            continue
        if found.inspections or found.counts or found.checks:
            raise Refused(f"the object at line {call.lineno} is read in another way too")
        gpus.append(read_call(module, call, kind))
        reads |= {id(read.node): read for read in found.suspects}
        doubts += tuple(found.doubts)
    return gpus, list(reads.values()), doubts


def _number(read: Read) -> Replace:
    """Return the change from ``owner.count`` to the number that the string of ``owner`` has."""
    source = read.module.source
    assert isinstance(read.node, ast.Attribute)
    owner = source.written(read.node.value)
    around = [each for each in read.module.index.ancestors(read.node) if isinstance(each, ast.JoinedStr)]
    text = source.written(around[-1]) if around else ""
    mark = next((mark for mark in "\"'" if mark not in text), "")
    if not mark or "\n" in owner:
        raise Refused(f"{read.where} cannot be rewritten")
    return Replace(source.path, source.span(read.node), f"int({owner}.partition({mark}:{mark})[2] or 1)")
