"""Command lines of a repository that name a file's variable, or leave it to be found."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.comments import comments
from modal_transforms.analysis.module import Module, ProjectView
from modal_transforms.analysis.string_literals import literal
from modal_transforms.core.command_line import Word
from modal_transforms.core.model import Span
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile
from modal_transforms.formats.mapped_text import mentioned, text_of
from modal_transforms.formats.shell import mentions
from modal_transforms.modal_api.cli import judge
from modal_transforms.sections.stub_app.surfaces import holding_commands, holding_stub, readable

_NAMED = pattern(rb"(?P<file>(?:\$?\{[^{}\r\n]*\}|\$\([^()\r\n]*\)|\$\w|[\w./\\-])+)::(?P<name>stub)(?![\w-])")
_LOOKING = frozenset({"deploy", "serve"})
"""What looks for a variable called ``app``; the others take any."""


class FileCommand(Struct, frozen=True):
    """A command line that names a file or a module."""

    source: SourceFile
    file: str
    """What it names, as it is written."""
    place: Span
    """Where the variable is named, or the file where none is."""
    subcommand: str = ""


def naming(module: Module) -> list[tuple[FileCommand, str | None]]:
    """Return what names a variable ``stub``, with the file that it is in; ``None`` where that cannot be seen."""
    if module.project is None:
        return [(each, None) for each in _named_in(module.source)]
    return list(module.project.once(_all_naming))


def _all_naming(project: ProjectView) -> tuple[tuple[FileCommand, str | None], ...]:
    found = (each for source in project.once(holding_stub) for each in _named_in(source))
    return tuple((each, located(project, each.source.path, each.file)) for each in found)


def _named_in(source: SourceFile) -> Iterator[FileCommand]:
    for match in _NAMED.finditer(source.data) if b"::stub" in source.data else ():
        yield FileCommand(source, match["file"].decode("utf-8", "replace"), Span(*match.span("name")))


def located(project: ProjectView | None, path: str, named: str) -> str | None:
    """Return the file that a command in the file at ``path`` names, from a folder above it; or the only one."""
    text = named.replace("\\", "/")
    stem = text.removesuffix(".py") if text.endswith(".py") else text.replace(".", "/")
    parts = [part for part in stem.split("/") if part not in {"", ".", ".."}]
    if project is None or not parts:
        return None
    endings = ["/".join(parts) + ".py", "/".join(parts) + "/__init__.py"]
    folder, files = path, project.files
    while folder:
        folder = posixpath.dirname(folder)
        for ending in endings:
            found = posixpath.join(folder, ending)
            if found in files:
                return found
    below = tuple(f"/{ending}" for ending in endings)
    several = [each for each in project.once(_by_stem).get(parts[-1], ()) if each.endswith(below)]
    return several[0] if len(several) == 1 else None


def _by_stem(project: ProjectView) -> dict[str, set[str]]:
    """Return the Python files of a repository by the last part of the names of their modules."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in project.files:
        if path.endswith(".py"):
            found[posixpath.basename(path.removesuffix(".py").removesuffix("/__init__"))].add(path)
    return dict(found)


def looking(module: Module) -> list[FileCommand]:
    """Return the ``modal deploy`` and ``modal serve`` that name a file and leave it to Modal to find the variable."""
    commands = module.project.once(_all_looking) if module.project is not None else ()
    return [command for command, path in commands if path == module.source.path]


def _all_looking(project: ProjectView) -> tuple[tuple[FileCommand, str | None], ...]:
    found = (each for source in project.once(holding_commands) for each in project.once(_in_file, source.path))
    return tuple((each, located(project, each.source.path, each.file)) for each in found)


def _in_file(project: ProjectView, path: str) -> tuple[FileCommand, ...]:
    """Return the commands of one file that name another one, or a module."""
    source = project.once(readable, path)
    return tuple(_commands(project, source)) if source is not None else ()


def _commands(project: ProjectView, source: SourceFile) -> Iterator[FileCommand]:
    seen: set[Span] = set()
    for words in _lines(project, source):
        verdict = judge(words)
        word = verdict.reference
        if verdict.subcommand not in _LOOKING or word is None or not word.known or "::" in word.text:
            continue
        if word.text and word.span not in seen:
            seen.add(word.span)
            yield FileCommand(source, word.text, word.span, verdict.subcommand)


def _lines(project: ProjectView, source: SourceFile) -> Iterator[tuple[Word, ...]]:
    """Yield the words of each command line of a file, with the bytes that they stand in, quotes left out."""
    yield from (tuple(_bare(source, word) for word in line.words) for line in source.command_lines())
    if not source.program.strip():
        return
    for start, text in comments(source):
        if "modal" in text:
            yield from (line.words for line in mentioned(text_of(text.encode(), start), "a comment"))
    module = project.module(source.path) or project.opened(source)
    if module is not None:
        yield from _in_strings(module)


def _in_strings(module: Module) -> Iterator[tuple[Word, ...]]:
    for node in module.index.strings:
        if "modal" not in str(node.value):
            continue
        written = literal(module.source, node)
        for words in mentions(written.text) if written is not None else ():
            yield tuple(Word(w.text, written.span(*w.span), w.known) for w in words if w.text and written is not None)
        around = module.index.parents[node]
        listed = getattr(around, "elts", getattr(around, "args", None))
        if node.value == "modal" and isinstance(listed, list):
            yield tuple(_element(module, each) for each in listed)


def _element(module: Module, node: object) -> Word:
    written = literal(module.source, node) if hasattr(node, "lineno") else None  # type: ignore[arg-type]
    if written is None or not written.text or "\0" in written.text:
        return Word("", Span(0, 0), known=False)
    return Word(written.text, written.span(0, len(written.text)))


def _bare(source: SourceFile, word: Word) -> Word:
    text = source.slice(word.span)
    if len(text) > 1 and text[0] in "\"'" and text[-1] == text[0]:
        return Word(word.text, Span(word.span.start + 1, word.span.end - 1), word.known, word.many, word.values)
    return word
