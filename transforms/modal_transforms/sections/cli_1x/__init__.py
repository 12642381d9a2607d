"""Commands and options of ``modal`` that have gone, are called otherwise, or ask a question now.

modal environment delete old --no-confirm    ->    modal environment delete old --yes
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Finding, Section, Span
from modal_transforms.core.patterns import pattern
from modal_transforms.formats.file_kinds import is_document
from modal_transforms.sections.cli_1x.detect import find_in_lines

SECTION = Section(
    slug="cli-1x",
    title="Commands that changed",
    subject="use the commands of today's modal",
    what=(
        "Options that have gone are deleted or renamed; modal app stop and modal container stop are told --yes where "
        "nobody can answer, modal app logs --follow; commands and settings that have gone are explained."
    ),
    why="An unknown command or option ends the command with a usage error; a question nobody answers, too.",
    before="modal environment delete old --no-confirm",
    after="modal environment delete old --yes",
)

_VARIABLE = pattern(rb"\bMODAL_(?:ASYNC_WARNINGS|DEFAULT_CLOUD)\b")
_ADVICE = {
    "MODAL_ASYNC_WARNINGS": "Take it out, and await the calls that it kept quiet.",
    "MODAL_DEFAULT_CLOUD": "Take it out, and write cloud=... where a function needs one.",
}


def find(module: Module) -> Iterator[Finding]:
    """Yield the commands of a file that today's ``modal`` takes otherwise, or has no more."""
    yield from find_in_lines(module)
    yield from _find_settings(module)


def _find_settings(module: Module) -> Iterator[Finding]:
    """Yield the variables that a file sets or reads, each once with all its places."""
    places: dict[str, list[Span]] = {}
    for name, span in () if is_document(module.source.path) else _said(module):
        places.setdefault(name, []).append(span)
    for name, spans in places.items():
        message = f"{name} warns since 1.6.0, and will be ignored"
        yield module.finding("setting", spans, message, Applicability.MANUAL, advice=_ADVICE[name], since="1.6.0")


def _said(module: Module) -> Iterator[tuple[str, Span]]:
    """Yield the variables that strings of a program, or the bytes of a file without one, name in full."""
    source = module.source
    if not _VARIABLE.search(source.data):
        return
    if source.program.strip():
        for node in module.index.strings:
            if str(node.value) in _ADVICE:
                yield str(node.value), source.span(node)
        return
    for match in _VARIABLE.finditer(source.data):
        yield match[0].decode(), Span(*match.span())
