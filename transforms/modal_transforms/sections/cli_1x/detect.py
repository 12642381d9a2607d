"""The commands of a file that a row is about, and how they are stated: what is run each, what is shown together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from modal_transforms.analysis.module import Module
from modal_transforms.analysis.string_literals import literal
from modal_transforms.core.command_line import OTHER_COMMANDS, CommandLine, Word
from modal_transforms.core.model import Applicability, Choice, Finding, Replace
from modal_transforms.core.patterns import pattern
from modal_transforms.formats.shell import commands, mentions
from modal_transforms.modal_api.argument_lists import lists
from modal_transforms.modal_api.cli import command_at
from modal_transforms.modal_api.command_runners import runner_of
from modal_transforms.modal_api.python_commands import commented, list_flag, strings, word_of
from modal_transforms.sections.cli_1x.edits import CommandUse, changes
from modal_transforms.sections.cli_1x.rows import PRINTED_JSON, CommandRow, Rewording, rows_of

_SAID = pattern(rf"\b(?:{OTHER_COMMANDS}|deploy)\b")
_BEHIND = rb"[)}\"'\s,]+(?:--profile|" + OTHER_COMMANDS.encode() + rb")\b"
_CALLED = (pattern(rb"modal" + _BEHIND), pattern(rb"MODAL" + _BEHIND))
"""Commands that take no app; each pattern begins with a word, so that it is found fast."""
_OF_DEPLOY = (b"stream-logs", b"--public", b"--no-public", b"skip-confirm")
"""The options of ``deploy`` that a row is about."""
_READ = pattern(r"\bjq\b|\bjson\b")
_OLD_KEYS = pattern(rb"[\"'](App ID|Description|State|Tasks|Created at|Stopped at|Name|Created by)[\"']")
_SAFE = frozenset({Rewording.DROP, Rewording.RENAME, Rewording.PLAIN, Rewording.CALL})
"""What does the same for sure where the command is run."""


def find_in_lines(module: Module) -> Iterator[Finding]:
    """Yield the commands of a file that a row is about."""
    data = module.source.data
    if not any(called.search(data) for called in _CALLED) and not any(option in data for option in _OF_DEPLOY):
        return
    shown: dict[tuple[str, str], list[CommandUse]] = {}
    for use in _uses(module):
        if use.line.runs:
            yield _finding(module, [use])
        else:
            shown.setdefault((use.row.rule, use.row.message), []).append(use)
    for uses in shown.values():
        yield _finding(module, uses)


def _uses(module: Module) -> Iterator[CommandUse]:
    seen: set[tuple[int, str]] = set()
    for line in _lines(module):
        at = command_at(line.words)
        for use in _of_rows(module, line, at) if at is not None else ():
            key = (use.place.start, use.row.message)
            if key not in seen and (line.runs or _is_shown(use)):
                seen.add(key)
                yield use


def _of_rows(module: Module, line: CommandLine, at: int) -> Iterator[CommandUse]:
    for row in rows_of(line.words, at):
        option = _option(line.words, at + len(row.path), row.options)
        if row.way is Rewording.ADD:
            if option < 0 and at + len(row.path) < len(line.words) and not _may_come(module, row, line, at):
                yield CommandUse(row, line, at, -1)
        elif row.rule == "keys":
            words = [word.text for word in line.words[at : at + 3]]
            if option >= 0 and {" ".join(words), " ".join(words[:2])} & PRINTED_JSON and _is_read(module, line):
                yield CommandUse(row, line, at, option)
        elif option >= 0 or not row.options:
            yield CommandUse(row, line, at, option)


def _is_shown(use: CommandUse) -> bool:
    """Tell whether a command that people are shown is one that the row is about."""
    after = use.line.words[use.at + len(use.row.path) :]
    return use.row.shown and (not use.row.followed or bool(after) and after[0].text in use.row.followed)


def _may_come(module: Module, row: CommandRow, line: CommandLine, at: int) -> bool:
    """Tell whether an option that a command lacks may be put into it: by a star, or later by the program."""
    is_list = line.flag != CommandLine((), "").flag
    return any(word.many for word in line.words[at:]) or (is_list and row.new.encode() in module.source.data)


def _option(words: Sequence[Word], start: int, options: tuple[str, ...]) -> int:
    """Return the index of the first word that is an option; -1 where there is none."""
    for index, word in enumerate(words[start:], start):
        if word.text == "--":
            break
        if word.text.partition("=")[0] in options:
            return index
    return -1


def _is_read(module: Module, line: CommandLine) -> bool:
    """Tell whether a program reads the JSON that a command prints, as far as the line or the file shows."""
    source, end = module.source, line.words[-1].span.end
    if source.path.endswith(".py"):
        return b"json.load" in source.data and not _reads_both(source.data)
    rest = source.data[end : source.line_at(end).end].decode("utf-8", "replace")
    return bool(_READ.search(rest))


def _reads_both(data: bytes) -> bool:
    """Tell whether a program knows the new spelling of each old key that it names."""
    old = set(_OLD_KEYS.findall(data))
    return bool(old) and all(re.search(rb"[\"']%b[\"']" % key.lower().replace(b" ", b"_"), data) for key in old)


def _lines(module: Module) -> Iterator[CommandLine]:
    """Yield the command lines of a file; their spans are bytes of the file."""
    yield from module.source.command_lines()
    yield from commented(module.source)
    parts: set[ast.AST] = set()
    for nodes in lists(module):
        parts.update(nodes)
        words = tuple(word_of(module, node) for node in nodes)
        at = command_at(words)
        if at is not None:
            runner = runner_of(module, nodes[at]) or runner_of(module, nodes[0])
            where = f"a list that {runner} runs" if runner else "an argument list"
            yield CommandLine(words, where, flag=list_flag(module, nodes[at]))
    for node in strings(module, _SAID):
        if node not in parts:
            yield from _in_string(module, node)


def _in_string(module: Module, node: ast.expr) -> Iterator[CommandLine]:
    written = literal(module.source, node)
    if written is None:
        return
    runner = runner_of(module, node)
    for words in commands(written.text) if runner else mentions(written.text):
        moved = (replace(word, span=written.span(*word.span)) for word in words if word.span.end > word.span.start)
        yield CommandLine(tuple(moved), f"a text that {runner} runs" if runner else "a text", runs=bool(runner))


def _finding(module: Module, uses: Sequence[CommandUse]) -> Finding:
    first, row = uses[0], uses[0].row
    made = [changes(module.source, use) for use in uses]
    choices = (_choice(row, tuple(change for each in made for change in each)),) if all(made) else ()
    is_safe = row.way in _SAFE and first.line.runs and all(word.known for word in first.line.words[: first.at])
    level = Applicability.SAFE if is_safe else Applicability.REVIEW
    return module.finding(
        row.rule,
        [use.place for use in uses],
        row.message,
        level if choices else Applicability.MANUAL,
        choices,
        tuple(dict.fromkeys(f"{'in' if use.line.runs else 'shown in'} {use.line.where}" for use in uses)),
        "" if choices else row.advice or _by_hand(row),
        since=row.since,
        breaks_in=row.gone,
    )


def _choice(row: CommandRow, made: tuple[Replace, ...]) -> Choice:
    labels = {Rewording.DROP: "without it", Rewording.DROP_VALUE: "without it", Rewording.PLAIN: "without --name"}
    label = labels.get(row.way, f"modal {row.new}" if row.way is Rewording.CALL else row.new)
    return Choice("write", label, row.effect, made, needs=row.needs)


def _by_hand(row: CommandRow) -> str:
    return f"{row.way.value.capitalize()}: {row.new}." if row.new else f"{row.way.value.capitalize()}."
