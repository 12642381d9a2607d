"""The versions of modal that a repository asks for: what breaks with them, and raising them as the last step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from modal_transforms.core.model import Finding, Section
from modal_transforms.core.patches import apply
from modal_transforms.core.target import NEWEST
from modal_transforms.formats.file_kinds import command_kind
from modal_transforms.requirements import Pin, may_pin, pins_of, raised
from modal_transforms.sections import REGISTRY, every_section
from modal_wizard.files.reader import Reader
from modal_wizard.scan.discover import ScanScope, list_files
from modal_wizard.scan.result import Scan
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from modal_wizard.files.change import FileChange

NEWEST_TEXT = ".".join(map(str, NEWEST))
SUBJECT = f"Modal 1.0: require modal {NEWEST[0]}.{NEWEST[1]}"


def pins(scope: ScanScope, paths: Iterable[str] | None = None) -> tuple[Pin, ...]:
    """Return what a scope asks for, by path and place; ``paths`` are the files to read, where that is known."""
    reader = Reader(scope.root)
    listed = list_files(scope) if paths is None else paths
    return tuple(pin for path in listed if _may_say(scope, path) for pin in pins_of(path, reader(path) or b""))


def found_pins(scanned: Scan) -> tuple[Pin, ...]:
    """Return what the files of a scan ask for; those that were seen to ask for nothing are not read again."""
    return pins(scanned.scope, scanned.requirement_files) if scanned.requirement_files else ()


def _may_say(scope: ScanScope, path: str) -> bool:
    return scope.covers(path) and (may_pin(path) or path.endswith(".py") or command_kind(path) is not None)


def changes(scope: ScanScope) -> tuple[FileChange, ...]:
    """Return the files that raising all requirements changes."""
    from modal_wizard.files.change import FileChange

    reader = Reader(scope.root)
    made: list[FileChange] = []
    for path in dict.fromkeys(pin.path for pin in pins(scope)):
        before = reader(path)
        patches = tuple(patch for pin in pins_of(path, before or b"") if (patch := raised(pin)) is not None)
        if before is not None and patches:
            made.append(FileChange(path, before, apply(before, patches), patches))
    return tuple(made)


def message(files: Sequence[FileChange]) -> str:
    """Return the message of the commit that raises the requirements."""
    why = f"The code is written for Modal 1.x now; {NEWEST_TEXT} is the version that the rewrites are proved with."
    listed = "\n".join(f"  {visible(change.path)}" for change in files)
    return f"{SUBJECT}\n\n{why}\nUpdate lock files with the tool that made them.\n\nFiles:\n{listed}\n"


def sentences(found: Iterable[Pin], findings: Sequence[Finding]) -> Iterator[str]:
    """Say of each old requirement what of the findings breaks with it, and what with the newest version."""
    held = {finding.section for finding in findings}
    sections = [rule.section for rule in REGISTRY if rule.slug in held]
    for pin in found:
        if not pin.is_old:
            continue
        broken = [section for section in sections if pin.breaks(section)]
        later = [section for section in sections if section not in broken]
        now = f"breaks {_named(broken)} already" if broken else "nothing that was found surely breaks there"
        too = " too" if broken else ""
        then = f"; {NEWEST_TEXT} breaks {_named(later)}{too}" if later else ""
        note = "" if pin.editable else " (lock file: update it with its tool)"
        yield f"{visible(pin.path)}:{pin.line}: {visible(pin.text)}: {now}{then}{note}"


def _named(sections: Sequence[Section]) -> str:
    numbers = ", ".join(section.label for section in sections)
    return f"section {numbers}" if len(sections) == 1 else f"sections {numbers}"


def as_json(pin: Pin) -> dict[str, object]:
    """Return a requirement for the JSON report."""
    return {
        "path": pin.path,
        "line": pin.line,
        "text": pin.text,
        "allows_from": ".".join(map(str, pin.lowest)) if pin.lowest else None,
        "allows_below": ".".join(map(str, pin.below)) if pin.below else None,
        "editable": pin.editable,
        "old": pin.is_old,
        "breaks": [section.slug for section in every_section() if pin.breaks(section)],
    }
