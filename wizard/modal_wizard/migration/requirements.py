"""The versions of modal that a repository asks for: what breaks with them, and raising them as the last step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from modal_transforms.core.model import Finding, Section
from modal_transforms.core.patches import apply
from modal_transforms.core.target import TARGET
from modal_transforms.formats.file_kinds import may_state_pin
from modal_transforms.requirements import Pin, pins_of, raised
from modal_transforms.requirements.pin import OLD_NAME
from modal_transforms.sections import REGISTRY
from modal_wizard.files.reader import Reader
from modal_wizard.migration.horizon import Due, forecast
from modal_wizard.scan.discover import ScanScope, list_files
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from modal_wizard.files.change import FileChange
    from modal_wizard.scan.result import Scan
    from modal_wizard.session.decisions import SectionWritten


def pins(scope: ScanScope) -> tuple[Pin, ...]:
    """Return what the files of a scope ask for now, by path and place."""
    reader = Reader(scope.root)
    wanted = (path for path in list_files(scope) if scope.covers(path) and may_state_pin(path))
    return tuple(pin for path in wanted for pin in pins_of(path, reader(path) or b""))


def changes(scope: ScanScope, found: Iterable[Pin] | None = None) -> tuple[FileChange, ...]:
    """Return the files that raising all requirements changes; ``found`` are those, where they are known."""
    from modal_wizard.files.change import FileChange

    reader = Reader(scope.root)
    made: list[FileChange] = []
    for path in dict.fromkeys(pin.path for pin in (pins(scope) if found is None else found)):
        before = reader(path)
        patches = tuple(patch for pin in pins_of(path, before or b"") for patch in raised(pin, scope.goal.target))
        if before is not None and patches:
            made.append(FileChange(path, before, apply(before, patches), patches))
    return tuple(made)


def moves(files: Iterable[FileChange]) -> tuple[str, ...]:
    """Return what raising makes of each requirement: ``requirements.txt: modal==0.77.0 → modal==1.6.4``."""
    return tuple(
        f"{change.path}: {old.text} → {new.text}"
        for change in files
        for old, new in zip(pins_of(change.path, change.before), pins_of(change.path, change.after), strict=False)
        if old.text != new.text
    )


def together(moved: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each kind of move once, with its files: ``modal==0.77.0 → modal==1.6.4``, ``a.txt and 39 more``.

    ``moved`` is as `moves` returns it.
    """
    places: dict[str, list[str]] = {}
    for path, _, text in (each.partition(": ") for each in moved):
        places.setdefault(text, []).append(path)
    for text, paths in places.items():
        yield text, paths[0] + (f" and {len(paths) - 1} more" if paths[1:] else "")


def raising(files: Iterable[FileChange], target: str) -> str:
    """Return what is raised, to be put after "raise": ``modal==0.77.0 to modal==1.6.4 (requirements.txt)``."""
    told = [f"{text.replace(' → ', ' to ')} ({places})" for text, places in together(moves(files))]
    return "; ".join(told) or f"the required version to {target}"


def question(files: Iterable[FileChange], target: str, undecided: int) -> str:
    """Return the question whether to raise it, which says how many findings nobody has decided on."""
    what = f"Raise {raising(files, target)}"
    return f"{over(undecided)}. {what} all the same?" if undecided else f"{what} in one more commit?"


def over(undecided: int) -> str:
    """Say how many findings nobody has decided on."""
    return f"{counted(undecided, 'finding')} {'is' if undecided == 1 else 'are'} undecided"


def message(files: Sequence[FileChange], target: str) -> str:
    """Return the message of the commit that raises the requirements."""
    subject = f"Modal 1.0: require modal {'.'.join(target.split('.')[:2])}"
    proved = f"; {TARGET} is the version that the rewrites are proved with" if target == TARGET else ""
    why = f"The code is written for Modal 1.x now{proved}."
    listed = "\n".join(f"  {visible(change.path)}" for change in files)
    return f"{subject}\n\n{why}\nUpdate lock files with the tool that made them.\n\nFiles:\n{listed}\n"


def sentences(found: Iterable[Pin], findings: Sequence[Finding]) -> Iterator[str]:
    """Say of each old requirement what of the findings breaks with it, and what with the newest version."""
    held, pins_found = {finding.section for finding in findings}, tuple(found)
    sections = [rule.section for rule in REGISTRY if rule.slug in held]
    when = forecast(pins_found, findings).when
    touched = [(finding, finding.paths) for finding in findings]
    for pin in pins_found:
        if not pin.is_old:
            continue
        here = {f.section for f, paths in touched if when[f.id] is Due.NOW and any(map(pin.concerns, paths))}
        broken = [section for section in sections if section.slug in here]
        later = [section for section in sections if section not in broken]
        now = f"breaks {_named(broken)} already" if broken else "works with it"
        too = " too" if broken else ""
        every = f"all {len(sections)} sections" if len(later) == len(sections) > 2 else _named(later)
        then = f"; upgrading to {TARGET} breaks {every}{too}" if later else ""
        lacking = sum(pin.lacks(f.needs) and any(map(pin.concerns, paths)) for f, paths in touched)
        too_old = f"; too old for what {counted(lacking, 'finding')} would become" if lacking else ""
        yield f"{visible(pin.path)}:{pin.line}: {visible(pin.text)}: {now}{then}{too_old}{_note(pin)}"


def _note(pin: Pin) -> str:
    """Return what else is to be said of a requirement: its old name, or who is to raise it."""
    if pin.name == OLD_NAME:
        by_hand = "" if pin.editable else ", and must be renamed by hand here"
        return f" ({OLD_NAME} is modal's old name: its 1.0.0 raises when it is imported{by_hand})"
    if pin.is_shown:
        return " (in a text for people)" if pin.editable else " (in a text for people: change it there)"
    return "" if pin.editable else " (written by a tool: update it with that)"


def locks(scanned: Scan) -> str:
    """Return the files of a scope that a tool made and that keep the version to arrive at out, as text."""
    target = scanned.scope.goal.target
    return _files(pin for pin in scanned.pins_covered if pin.is_locked and pin.has_old_spec(target))


def still_old(scanned: Scan) -> str:
    """Say which requirement names an older version than the one to arrive at; empty where none does.

    It reads ``requirements.txt still says modal==0.77.0``.
    """
    old = next((pin for pin in scanned.pins_covered if pin.is_before(scanned.scope.goal.target)), None)
    return f"{visible(old.path, '␉')} still says {visible(old.text)}" if old else ""


def outgrown(scanned: Scan, landings: Iterable[SectionWritten]) -> tuple[Pin, ...]:
    """Return the requirements that allow no version which runs what was written."""
    written = [(path, needed) for landing in landings for path, needed in landing.needs or ()]
    return tuple(
        pin for pin in scanned.pins if any(pin.lacks(needed) and pin.concerns(path) for path, needed in written)
    )


def outgrown_sentence(scanned: Scan, landings: Iterable[SectionWritten]) -> str:
    """Say how many requirements are too old for what was written, and what raises them; empty where none is."""
    old = outgrown(scanned, landings)
    if not old:
        return ""
    ours = [pin for pin in old if scanned.scope.covers(pin.path) and raised(pin, scanned.scope.goal.target)]
    made = [pin for pin in old if pin.is_locked and pin.name != OLD_NAME]
    steps = ["--raise-pin"] if ours else []
    steps += [f"update {_files(made)} with the tool that made it"] if made else []
    other = [pin for pin in old if pin not in ours and pin not in made]
    steps += [f"raise it by hand in {_files(other)}"] if other else []
    are = "pin is" if len(old) == 1 else "pins are"
    return f"{len(old)} {are} too old for what was written: {', '.join(steps)}"


def _files(several: Iterable[Pin]) -> str:
    return " and ".join(dict.fromkeys(visible(pin.path) for pin in several))


def _named(sections: Sequence[Section]) -> str:
    numbers = ", ".join(section.label for section in sections)
    return f"section {numbers}" if len(sections) == 1 else f"sections {numbers}"
