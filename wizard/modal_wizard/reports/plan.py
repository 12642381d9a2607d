"""What ``scan --format json`` prints, as types: its JSON Schema is made of them (``modal-wizard schema plan``)."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from modal_wizard.decisions.model import FileEdit


class PlanSite(Struct, frozen=True):
    """A place of a finding; lines and columns count from 1, columns in characters, ends are exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    cell: int | UnsetType = UNSET
    """The cell of a notebook, from 1; the lines are those inside it."""


class PlanChoice(Struct, frozen=True):
    """A rewrite on offer; its edits hold against the files as they are, one choice at a time."""

    key: str
    label: str
    effect: str
    edits: list[FileEdit] | UnsetType = UNSET
    """With ``--edits``."""
    refused: str | UnsetType = UNSET
    """With ``--edits``: why it cannot be made."""


class PlanFinding(Struct, frozen=True):
    """One thing to migrate; its first choice is the recommended one."""

    id: str
    section: str
    group: str
    rule: str
    applicability: str
    message: str
    evidence: list[str]
    advice: str
    since: str | None
    breaks_in: str | None
    needs: str | None
    """The smallest version that the recommended choice runs on."""
    when: str
    """``now``, ``next`` or ``later``: when it breaks, seen from the version that is installed."""
    sites: list[PlanSite]
    choices: list[PlanChoice]


class PlanSummary(Struct, frozen=True):
    """How many files were looked at, and how many findings there are of each kind."""

    files: int
    findings: int
    safe: int
    review: int
    manual: int


class PlanHorizon(Struct, frozen=True):
    """The versions that are installed, the one that breaks something next, and how many findings break when."""

    installed: list[str]
    next: str | None
    findings: dict[str, int]


class PlanApi(Struct, frozen=True):
    """How many uses of Modal's API there are, and how many the target does not have or cannot be told."""

    uses: int
    missing: int
    unknown: int
    untold: int


class PlanPin(Struct, frozen=True):
    """A version of modal that the repository asks for."""

    path: str
    line: int
    text: str
    allows_from: str | None
    allows_below: str | None
    editable: bool
    old: bool
    breaks: list[str]
    """The sections that break with it."""


class PlanProblem(Struct, frozen=True):
    """A file that could not be read, or only in part."""

    path: str
    message: str


class PlanSkipped(Struct, frozen=True):
    """A file that was not looked at."""

    path: str
    reason: str


class PlanLookAlike(Struct, frozen=True):
    """A place that only reads like old code, and why it stays."""

    path: str
    line: int
    column: int
    text: str
    section: str
    reason: str
    cell: int | UnsetType = UNSET


class PlanSince(Struct, frozen=True):
    """What the lines that are told of changed since: as it was named, and the commit that this came to."""

    ref: str
    commit: str


class PlanBaseline(Struct, frozen=True):
    """How many findings a baseline knows and leaves out, and how many it knows that have gone."""

    known: int
    gone: int


class Plan(Struct, frozen=True):
    """What a repository holds, and what may be done about it."""

    version: int
    root: str
    target: str
    summary: PlanSummary
    horizon: PlanHorizon
    api: PlanApi | None
    findings: list[PlanFinding]
    pins: list[PlanPin]
    errors: list[PlanProblem]
    skipped: list[PlanSkipped]
    left_alone: list[PlanLookAlike] | UnsetType = UNSET
    """With ``--left-alone``."""
    since: PlanSince | UnsetType = UNSET
    """With ``--since``."""
    baseline: PlanBaseline | UnsetType = UNSET
    """With ``--baseline`` or ``--write-baseline``."""
