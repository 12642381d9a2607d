"""The words of the project: sections, findings, choices, sites and edits.

Plain frozen data that may cross process borders. Offsets are byte offsets into a file, ends exclusive; lines and
columns count from 1, columns in characters.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from modal_transforms.core.changes import (
    AddArgument,
    AddLine,
    CannotRewrite,
    Change,
    DropIfUnused,
    DropImport,
    Extend,
    ExtendArgument,
    NeedImport,
    NeedName,
    RemoveArgument,
    RemoveStatement,
    Replace,
    Span,
)

__all__ = [
    "AddArgument",
    "AddLine",
    "ApiUses",
    "Applicability",
    "Ask",
    "Change",
    "Choice",
    "DropIfUnused",
    "DropImport",
    "EVERY_VERSION",
    "Edit",
    "Extend",
    "ExtendArgument",
    "FileReport",
    "Finding",
    "LookAlike",
    "NeedImport",
    "NeedName",
    "Problem",
    "RemoveArgument",
    "RemoveStatement",
    "Replace",
    "Section",
    "Site",
    "Span",
]


EVERY_VERSION = "0"
"""As the version that something breaks in: it works with none of them."""


class Applicability(enum.Enum):
    """How far a rewrite may be trusted without a person."""

    SAFE = "safe"
    """The meaning is kept; may be applied unasked."""
    REVIEW = "review"
    """Valid code, but a person should look."""
    MANUAL = "manual"
    """Shown with advice; there is nothing to apply."""


class Section(Struct, frozen=True, kw_only=True):
    """One heading of the migration guide, or a topic of what comes before or after it."""

    number: int = 0
    """Its place in the guide, from 1; 0 outside the guide."""
    slug: str
    title: str
    anchor: str = ""
    """The heading's anchor in the guide's page."""
    since: str = ""
    """SDK version that first warned."""
    breaks_in: str = ""
    """SDK version in which the old spelling fails; empty, as ``since``, where each finding has its own."""
    subject: str
    """What a commit of this section does: ``rename autoscaler parameters``."""
    what: str
    why: str
    before: str
    after: str

    @property
    def label(self) -> str:
        """What it is called for short: its number in the guide, or its slug."""
        return str(self.number) if self.number else self.slug

    @property
    def heading(self) -> str:
        """Its title, with its number in the guide."""
        return f"{self.number} {self.title}" if self.number else self.title

    @property
    def breaks(self) -> str:
        """When it breaks, in words."""
        if self.breaks_in == EVERY_VERSION:
            return "fails with every version"
        if not self.breaks_in:
            return "no version fails yet" if self.since else "each finding says since when"
        return f"breaks in {self.breaks_in}"

    @property
    def when(self) -> str:
        """When it warns and breaks, in words."""
        return f"warns since {self.since}, {self.breaks}" if self.since else self.breaks

    @property
    def link(self) -> str:
        """The section's address in Modal's guide; the guide's own where it has no heading there."""
        page = "https://modal.com/docs/guide/modal-1-0-migration"
        return f"{page}#{self.anchor}" if self.anchor else page


class Site(Struct, frozen=True):
    """One place of a finding."""

    path: str
    span: Span
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    cell: int | None = None
    """The notebook cell, from 1, when the file is a notebook."""
    above: int = 0
    """For a notebook: lines of the text of all its cells before this one."""

    @property
    def text_lines(self) -> range:
        """The lines that the place is in, counted in the file's whole text."""
        return range(self.line + self.above, self.end_line + self.above + 1)

    @property
    def label(self) -> str:
        """Where it is in its file, for people: ``12``, or ``cell 3:2`` in a notebook."""
        return str(self.line) if self.cell is None else f"cell {self.cell}:{self.line}"


class Edit(Struct, frozen=True, order=True):
    """Replace bytes ``start`` to ``end`` (exclusive) of the file at ``path`` by ``text``."""

    path: str
    start: int
    end: int
    text: str


class Ask(Struct, frozen=True):
    """A value that a choice needs from the person, such as the name of a volume."""

    key: str
    prompt: str
    default: str
    pattern: str = r"[A-Za-z0-9._-]+"
    """What the value must match, in full."""

    @property
    def placeholder(self) -> str:
        """The mark that stands for the value in the texts of a choice's changes."""
        return f"\x02{self.key}\x03"


class Choice(Struct, frozen=True):
    """One possible rewrite of a finding; its changes belong together, all or none."""

    key: str
    label: str
    effect: str
    """What it means at run time, in a sentence."""
    changes: tuple[Change, ...]
    asks: tuple[Ask, ...] = ()
    needs: str = ""
    """The smallest version of the SDK that runs what it writes; empty where every version does."""


class Finding(Struct, frozen=True):
    """One semantic thing to migrate, in one or several places, in one or several files.

    The first choice is the recommended one; a ``manual`` finding has none, and its message carries the advice.
    """

    id: str
    section: str
    rule: str
    applicability: Applicability
    message: str
    evidence: tuple[str, ...]
    sites: tuple[Site, ...]
    choices: tuple[Choice, ...] = ()
    advice: str = ""
    """What a person should do where the tool does not: for ``manual`` findings, and checks to make after others."""
    since: str = ""
    """The version that first warned of just this; empty for what the section says."""
    breaks_in: str = ""
    """The version in which just this fails; empty for what the section says."""

    @property
    def site(self) -> Site:
        """The first place, by which the finding is named and sorted."""
        return self.sites[0]

    @property
    def needs(self) -> str:
        """The smallest version of the SDK that the recommended choice runs on; empty where every version does."""
        return self.choices[0].needs if self.choices else ""

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that the finding touches, each once."""
        made = [change for choice in self.choices for change in choice.changes]
        changed = [each.path for each in made if not (isinstance(each, ExtendArgument) and each.beside)]
        return tuple(dict.fromkeys([*(site.path for site in self.sites), *changed]))

    def touches(self, path: str) -> list[Span]:
        """Return the bytes of a file that are this finding's: its places, and what its choices change there."""
        found = [site.span for site in self.sites if site.path == path]
        for change in (change for choice in self.choices for change in choice.changes if change.path == path):
            if isinstance(change, Replace):
                found.append(change.span)
            elif isinstance(change, RemoveArgument):
                found.append(change.argument)
            elif isinstance(change, (RemoveStatement, DropIfUnused)):
                found.append(change.statement)
        return found

    def choice(self, key: str) -> Choice:
        """Return the choice called ``key``; ``KeyError`` when there is none."""
        for choice in self.choices:
            if choice.key == key:
                return choice
        raise KeyError(key)


class Problem(Struct, frozen=True):
    """A file that could not be looked at, or only in part, and why."""

    path: str
    message: str


class LookAlike(Struct, frozen=True):
    """A place that reads like old Modal code and was left alone, and why."""

    section: str
    """The section whose old uses it reads like."""
    site: Site
    reason: str


class ApiUses(Struct, frozen=True):
    """How many uses of Modal's API there are, and what is known of them."""

    uses: int = 0
    missing: int = 0
    """Those that the target does not have."""
    unknown: int = 0
    """Those of them that no section explains."""
    untold: int = 0
    """Private names, and what is made up when the program runs: nothing tells whether the target has it."""

    def __add__(self, other: ApiUses) -> ApiUses:
        return ApiUses(
            self.uses + other.uses,
            self.missing + other.missing,
            self.unknown + other.unknown,
            self.untold + other.untold,
        )


class FileReport(Struct, frozen=True):
    """What one file gave: its findings in order, and what was passed over."""

    path: str
    sha256: str
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    ignored: int = 0
    """Findings silenced by a ``# modal-wizard: ignore`` comment."""
    left_alone: tuple[LookAlike, ...] = ()
    """What such comments silence; `modal_transforms.look_alikes` tells the rest."""
    api: ApiUses = ApiUses()


def fill(choice: Choice, values: Mapping[str, str]) -> tuple[Change, ...]:
    """Return the changes of a choice with the person's values (or the defaults) in place of what it asks.

    Raises `CannotRewrite` when a value is missing that has no default, or is none that the choice takes.
    """
    changes = choice.changes
    for ask in choice.asks:
        value = values.get(ask.key, ask.default)
        if not re.fullmatch(ask.pattern, value):
            raise CannotRewrite(f"it needs a value: {ask.prompt}" if not value else f"{value!r} is no {ask.prompt}")
        changes = tuple(_filled(change, ask.placeholder, value) for change in changes)
    return changes


def _filled(change: Change, placeholder: str, value: str) -> Change:
    if isinstance(change, (Replace, AddArgument, AddLine, Extend, ExtendArgument)):
        return replace(change, text=change.text.replace(placeholder, value))
    return change
