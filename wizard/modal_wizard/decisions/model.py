"""What ``--decisions`` takes, ``decisions`` prints, ``apply --format json`` says: types that the schemas come from."""

from __future__ import annotations

import enum
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

VERSION = 1


class FileEdit(Struct, frozen=True, forbid_unknown_fields=True):
    """Replace bytes ``start`` to ``end`` (exclusive) of the file whose digest is ``sha256`` by ``text``."""

    path: str
    sha256: str
    start: Annotated[int, Meta(ge=0)]
    end: Annotated[int, Meta(ge=0)]
    text: str


class DecisionEntry(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One decision: of a finding by its ``id``, or of all findings of a ``rule`` or a ``section``."""

    id: str | UnsetType = UNSET
    rule: str | UnsetType = UNSET
    section: str | UnsetType = UNSET
    path: str | UnsetType = UNSET
    """Beside ``rule`` or ``section``: only findings in files that match (``legacy/**``). Beside ``id``: its file."""
    choice: str | UnsetType = UNSET
    """The choice to take; beside ``edits``, the one whose clean-up goes with them."""
    values: dict[str, str] | UnsetType = UNSET
    """Answers to what the choice asks; what is left out takes its default."""
    skip: str | UnsetType = UNSET
    """Leave the finding as it is; the text says why, and may be empty."""
    edits: list[FileEdit] | UnsetType = UNSET
    """The change itself, in one file, exact to the byte."""
    after: str | UnsetType = UNSET
    """Beside ``id``: the finding, or the text that is edited, is there only once this section was written."""
    note: str | UnsetType = UNSET
    """Why, for the person who looks at it."""


_NAMES = [{"required": [name]} for name in ("id", "rule", "section")]
_WAYS = [
    {"required": ["skip"], "not": {"anyOf": [{"required": [name]} for name in ("choice", "values", "edits")]}},
    {"required": ["choice"], "not": {"anyOf": [{"required": [name]} for name in ("skip", "edits")]}},
    {"required": ["id", "edits"], "not": {"required": ["skip"]}},
]
Entry = Annotated[DecisionEntry, Meta(extra_json_schema={"allOf": [{"oneOf": _NAMES}, {"oneOf": _WAYS}]})]


class Decisions(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of decisions. An ``id`` wins over a ``rule``, that over a ``section``, a later entry over others."""

    version: Literal[1]
    decisions: list[Entry]


class DecisionOutcome(enum.Enum):
    """What became of a decision."""

    APPLIED = "applied"
    SKIPPED = "skipped"
    STALE = "stale"
    """The finding, or the text that was to be edited, is not there (any more)."""
    CONFLICT = "conflict"
    """It wants what another change has taken."""
    REFUSED = "refused"
    """It cannot be made, or its section could not be written."""


class OutcomeLine(Struct, frozen=True):
    """One line that ``apply --format json`` prints: what became of the decision about one finding."""

    id: str
    outcome: DecisionOutcome
    path: str
    line: int
    """From 1, as it was before anything was written; 0 where the finding never came up."""
    section: str
    commit: str | None
    """The commit that it is in; null when it is in none."""
    hint: str = ""
    """What to do about it, or why it was skipped."""
