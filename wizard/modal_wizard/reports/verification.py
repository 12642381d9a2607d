"""What verifying found: as a table and lines of text for a terminal, as JSON, and in one sentence for each SDK."""

from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec

from modal_wizard.text.grammar import counted
from modal_wizard.text.paint import PLAIN, Paint
from modal_wizard.text.sanitize import visible
from modal_wizard.verify.result import Check, ImportOutcome, Message, RepositoryState, Verification

VERSION = 1
_BAD = (ImportOutcome.FAILED, ImportOutcome.BROKEN, ImportOutcome.ENDED, ImportOutcome.NOT_RUN)
_SHORT, _CUT = 160, "…"
_WORDS = {
    ImportOutcome.PASSED: "ok",
    ImportOutcome.FAILED: "error",
    ImportOutcome.BROKEN: "own error",
    ImportOutcome.ENDED: "ended",
    ImportOutcome.NOT_RUN: "not run",
}


def text(found: Verification, paint: Paint = PLAIN, width: int = 0) -> str:
    """Return the table, what each import of now said, and the counts; long paths are cut to fit a width in columns."""
    if not found.checks:
        return "No Python file here uses Modal: there is nothing to verify."
    return "\n".join([*_table(found, paint, width), "", *_said(found, paint), *sentences(found)])


def sentences(found: Verification) -> Iterator[str]:
    """Yield, for each SDK, how many modules it refuses and warns of, before and now."""
    states = [state for state in RepositoryState if any(check.state is state for check in found.checks)]
    for sdk in found.sdks:
        errors = " -> ".join(str(found.count(sdk, state, ImportOutcome.FAILED)) for state in states)
        warned = " -> ".join(str(found.count(sdk, state, ImportOutcome.WARNED)) for state in states)
        own = found.count(sdk, RepositoryState.NOW, ImportOutcome.BROKEN, ImportOutcome.ENDED)
        note = f", {counted(own, 'error')} of the repository's own" if own else ""
        if not_run := found.count(sdk, RepositoryState.NOW, ImportOutcome.NOT_RUN):
            note += f", {not_run} not run"
        yield (
            f"modal {sdk}: {counted(len(found.modules()), 'module')}, errors {errors}, with warnings {warned}{note}."
        )


def as_json(found: Verification) -> str:
    """Return everything as one JSON object."""
    data = msgspec.to_builtins(found)
    summary = {
        sdk: {
            state.value: {outcome.value: found.count(sdk, state, outcome) for outcome in ImportOutcome}
            for state in RepositoryState
        }
        for sdk in found.sdks
    }
    return json.dumps({"version": VERSION, **data, "summary": summary}, indent=2)


def _table(found: Verification, paint: Paint, width: int) -> Iterator[str]:
    """Yield a row for each module: what it came to under each SDK, before and now."""
    columns = [(sdk, state) for sdk in found.sdks for state in RepositoryState]
    columns = [column for column in columns if any((each.sdk, each.state) == column for each in found.checks)]
    cells = {module: [_cell(found.check(module, *column)) for column in columns] for module in found.modules()}
    least = [max(len(state.value), -(-len(sdk) * len(found.sdks) // len(columns))) for sdk, state in columns]
    widths = [max(wide, *(len(row[at]) for row in cells.values())) for at, wide in enumerate(least)]
    over = {sdk: sum(w + 2 for w, (of, _) in zip(widths, columns, strict=True) if of == sdk) - 2 for sdk in found.sdks}
    first = max(len("module"), *(len(visible(module)) for module in cells))
    if width:
        first = max(len("module"), min(first, width - sum(widths) - 2 * len(widths)))
    yield paint("title", "  ".join([" " * first, *(f"{sdk:<{over[sdk]}}" for sdk in found.sdks)]).rstrip())
    states = [f"{state.value:<{wide}}" for wide, (_, state) in zip(widths, columns, strict=True)]
    yield paint("title", "  ".join([f"{'module':<{first}}", *states]).rstrip())
    for module, row in cells.items():
        padded = [f"{cell:<{wide}}" for cell, wide in zip(row, widths, strict=True)]
        padded[-1] = padded[-1].rstrip()
        painted = [paint.word(cell.lstrip("0123456789 "), shown) for cell, shown in zip(row, padded, strict=True)]
        yield "  ".join([f"{_last(visible(module), first):<{first}}", *painted])


def _last(path: str, width: int) -> str:
    """Return the end of a path, as much as a width holds."""
    return path if len(path) <= width else f"{_CUT}{path[1 - width :]}"


def _cell(check: Check | None) -> str:
    if check is None:
        return "-"
    if check.outcome is ImportOutcome.WARNED:
        return counted(len(check.warnings), "warning")
    return _WORDS[check.outcome]


def _said(found: Verification, paint: Paint) -> Iterator[str]:
    """Yield what the SDKs say of the repository as it is now, the same words of one place once."""
    for sdk in found.sdks:
        lines: dict[str, None] = {}
        for check in found.checks:
            if (check.sdk, check.state) == (sdk, RepositoryState.NOW):
                lines |= dict.fromkeys(_lines(check))
        if lines:
            yield paint("title", f"modal {sdk} says now:")
            yield from lines
            if any(line.endswith(_CUT) for line in lines):
                yield f"  (what ends in {_CUT} is cut; --format json has it whole)"
            yield ""


def _lines(check: Check) -> Iterator[str]:
    for kind, message in [
        *((("error" if check.outcome in _BAD else "warning"), each) for each in [check.error] if each is not None),
        *(("warning", each) for each in check.warnings),
    ]:
        whose = "" if message.modals else " (not Modal's)"
        said = f"{_place(check, message)}: {kind}{whose}: {_short(message.text)}"
        yield f"  {_short(message.text) if check.outcome is ImportOutcome.NOT_RUN else said}"


def _place(check: Check, message: Message) -> str:
    path = visible(message.path or check.module)
    return path if message.line is None else f"{path}:{message.line}"


def _short(words: str) -> str:
    line = visible(" ".join(words.split()))
    return line if len(line) <= _SHORT else f"{line[: _SHORT - 1]}{_CUT}"
