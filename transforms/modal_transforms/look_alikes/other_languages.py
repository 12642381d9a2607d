"""Old code and old commands of Modal's in the text of other languages: told, with where, and never rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from modal_transforms.core.model import LookAlike, Span
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile, Unreadable, byte_offsets
from modal_transforms.formats.file_kinds import suffix
from modal_transforms.formats.shell import mentions
from modal_transforms.modal_api.cli import ReferenceKind, judge
from modal_transforms.sections import GUIDE

_LANGUAGES = {
    **dict.fromkeys((".ts", ".tsx", ".mts", ".cts"), "TypeScript"),
    **dict.fromkeys((".js", ".jsx", ".mjs", ".cjs"), "JavaScript"),
    **dict.fromkeys((".vue", ".svelte", ".astro"), "JavaScript"),
}
_INSIDE = {'"': r"(?:[^\"\\\n]|\\.)*", "'": r"(?:[^'\\\n]|\\.)*", "`": r"(?:[^`\\]|\\.)*"}
_CLOSED = "|".join(f"{quote}{inside}{quote}" for quote, inside in _INSIDE.items())
_OPEN = "|".join(f"{quote}{inside}" for quote, inside in _INSIDE.items())
_LITERAL = pattern(rf"//[^\n]*|/\*(?:[^*]|\*(?!/))*|(?P<text>{_CLOSED})|{_OPEN}", re.DOTALL)
"""A comment, the literal of a text, or a quote that nothing closes, with the rest of its line or of the file."""
_MODALS = pattern(
    r"\bimport modal\b|\bfrom modal import\b|\bmodal\.[A-Za-z]\w*\b[.(]|@(?:app|stub)\.(?:function|cls)\b"
)
"""What says that a text is Python of Modal's, in which old names are Modal's: `modal` alone is a dialog."""


def language(path: str) -> str:
    """Return what a file of another language is written in; empty for all that is read otherwise or not at all."""
    return _LANGUAGES.get(suffix(path).lower(), "")


def in_other_language(source: SourceFile) -> Iterator[LookAlike]:
    """Yield what reads like old Modal code in the texts of a file of another language, and old commands anywhere."""
    if b"modal" not in source.data and b"@app." not in source.data and b"@stub." not in source.data:
        return
    try:
        text = source.data.decode()
    except UnicodeDecodeError:
        return
    kind = language(source.path)
    starts = byte_offsets(text)
    found = {(slug, *span): reason for slug, span, reason in (*_code(text, kind), *_commands(text, kind))}
    for (slug, start, end), reason in sorted(found.items(), key=lambda item: item[0][1:]):
        try:
            yield LookAlike(slug, source.site(Span(starts[start], starts[end])), reason)
        except Unreadable:
            return


def _code(text: str, kind: str) -> Iterator[tuple[str, tuple[int, int], str]]:
    """Yield the old names in the literals that are Python of Modal's: section, place, reason."""
    for literal in _LITERAL.finditer(text):
        if literal["text"] is None or not _MODALS.search(literal["text"]):
            continue
        for slug, wanted in _patterns():
            for match in wanted.finditer(text, *literal.span("text")):
                yield slug, match.span(), f"Python in a text of {kind}, which is not rewritten: change it there"


def _commands(text: str, kind: str) -> Iterator[tuple[str, tuple[int, int], str]]:
    """Yield the commands that lack ``-m``."""
    for words in mentions(text.replace("<", "\n")):
        verdict = judge(words)
        if verdict.kind is ReferenceKind.MODULE and verdict.reference is not None:
            span = (words[0].span.start, verdict.reference.span.end)
            yield "module-mode", span, f"a command in {kind}, which is not rewritten: it needs -m before the module"


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    texts = ((rule.slug, "|".join(each.in_text for each in rule.spellings.words if each.in_text)) for rule in GUIDE)
    return tuple((slug, re.compile(text)) for slug, text in texts if text)
