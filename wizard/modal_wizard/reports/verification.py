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


def text(found: Verification, paint: Paint = PLAIN) -> str:
    """Return the table, what each import of now said, and the counts."""
    if not found.checks:
        return "No Python file here uses Modal: there is nothing to verify."
    return "\n".join([*_table(found, paint), "", *_said(found, paint), *sentences(found)])


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


def _table(found: Verification, paint: Paint) -> Iterator[str]:
    """Yield a row for each module: what it came to under each SDK, before and now."""
    columns = [(sdk, state) for sdk in found.sdks for state in RepositoryState]
    columns = [column for column in columns if any((each.sdk, each.state) == column for each in found.checks)]
    cells = {module: [_cell(found.check(module, *column)) for column in columns] for module in found.modules()}
    heads = [f"{sdk} {state.value}" for sdk, state in columns]
    widths = [max(len(heads[at]), *(len(row[at]) for row in cells.values())) for at in range(len(columns))]
    first = max(len("module"), *(len(visible(module)) for module in cells))
    titles = [f"{'module':<{first}}", *(f"{head:<{width}}" for head, width in zip(heads, widths, strict=True))]
    yield paint("title", "  ".join(titles).rstrip())
    for module, row in cells.items():
        padded = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)]
        padded[-1] = padded[-1].rstrip()
        painted = [paint.word(cell.lstrip("0123456789 "), shown) for cell, shown in zip(row, padded, strict=True)]
        yield "  ".join([f"{visible(module):<{first}}", *painted])


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
