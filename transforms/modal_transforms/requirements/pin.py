"""One requirement of modal: what is written for it, and what it allows."""

from __future__ import annotations

from msgspec import Struct

from modal_transforms.core.model import Section, Span
from modal_transforms.core.patches import Patch
from modal_transforms.core.target import TARGET
from modal_transforms.formats.file_kinds import NOTEBOOK
from modal_transforms.requirements.versions import CLAUSE, Version, bounds, version

OLD_NAME = "modal-client"
"""What the distribution was called; the last release of that name, 1.0.0, only raises when it is imported."""


class Pin(Struct, frozen=True):
    """One requirement of modal. ``span`` are the bytes of what is written for it."""

    path: str
    line: int
    text: str
    """As written: ``modal==0.73.5``."""
    spec: str
    lowest: Version | None
    """The lowest version that it allows, where it says so."""
    below: Version | None
    """What it allows is below this, where it says so."""
    span: Span
    editable: bool = True
    name: str = "modal"
    """The distribution that is asked for: ``modal``, or `OLD_NAME`."""
    name_span: Span | None = None
    spec_span: Span | None = None
    reach: str = ""
    """The folder, with a slash at its end, or the notebook, whose code it is for; empty for all code."""
    is_shown: bool = False
    """It is what a text tells people to install; nothing installs it."""

    @property
    def is_locked(self) -> bool:
        """Tell whether a tool wrote it, which has to be asked to raise it."""
        return not self.editable and not self.is_shown

    @property
    def is_old(self) -> bool:
        """Tell whether it allows a version before 1.0, or keeps the newest one out."""
        return self.is_before(TARGET)

    def is_before(self, target: str) -> bool:
        """Tell whether it allows a version before 1.0, or keeps ``target`` out."""
        return _is_before(self.lowest, self.below, version(target))

    def has_old_spec(self, target: str) -> bool:
        """Tell whether the versions that are written allow one before 1.0, or keep ``target`` out."""
        return _is_before(*bounds(self.spec), version(target))

    def breaks(self, section: Section) -> bool:
        """Tell whether the old spelling of a section surely fails with every version that this allows."""
        if self.lowest is None or not section.breaks_in:
            return False
        return self.lowest >= version(section.breaks_in)

    def may_break(self, section: Section) -> bool:
        """Tell whether the old spelling of a section fails with the highest version that this allows."""
        return bool(section.breaks_in) and (self.below is None or self.below > version(section.breaks_in))

    def concerns(self, path: str) -> bool:
        """Tell whether it is for a file; it is for every one that is not Python, which may hold any command."""
        return path.startswith(self.reach) or not path.endswith((".py", NOTEBOOK))

    def lacks(self, needed: str) -> bool:
        """Tell whether every version that this allows is before ``needed``, which is empty where each will do."""
        return bool(needed) and self.below is not None and self.below <= version(needed)


def _is_before(lowest: Version | None, below: Version | None, target: Version) -> bool:
    return (below is not None and below <= target) or (lowest is not None and lowest < (1,))


def _raised_spec(spec: str, target: str) -> str:
    """Return a specifier for the version to arrive at, in the manner of an old one.

    An exact version stays exact, a compatible one compatible; a range begins at the minor version, and ends before the
    next major one where it had an end. Where the target is not the newest, none allows a later minor version.
    """
    numbers = (*version(target), 0, 0)[:3]
    minor, patch = ".".join(map(str, numbers[:2])), ".".join(map(str, numbers))
    after = f"{numbers[0]}.{numbers[1] + 1}" if target != TARGET else ""
    clauses = CLAUSE.findall(spec)
    if len(clauses) == 1:
        operator, number, star = clauses[0]
        if star:
            return f"{operator}{minor}.*"
        if operator in {"==", "===", ""}:
            return f"{operator}{patch}"
        if operator in {"~", "="} or (operator in {"~=", "^"} and not after):
            return f"{operator}{minor if number.count('.') < 2 else patch}"
        if operator == "~=":
            return f"~={patch}"
    ends = any(operator in {"<", "<="} for operator, _, _ in clauses)
    return f">={minor},<{after or numbers[0] + 1}" if ends or after else f">={minor}"


def raised(pin: Pin, target: str = TARGET) -> tuple[Patch, ...]:
    """Return the patches that let a requirement have the version to arrive at, under the name that the SDK has today.

    Empty where there is nothing to raise, or where that is for the tool that wrote the file.
    """
    made: list[Patch] = []
    if not pin.editable:
        return ()
    if pin.name_span is not None and pin.name == OLD_NAME:
        made.append(Patch(pin.name_span.start, pin.name_span.end, b"modal"))
    if pin.spec_span is not None and pin.has_old_spec(target):
        made.append(Patch(pin.spec_span.start, pin.spec_span.end, _raised_spec(pin.spec, target).encode()))
    return tuple(made)
