"""From a decision about a finding to the changes that it stands for."""

from __future__ import annotations

from modal_transforms.model import Applicability, Change, Choice, DropIfUnused, Finding, NeedName
from modal_transforms.patches import Patch, apply, between
from modal_transforms.rewriting import CannotRewrite, Rewritten, fill
from modal_transforms.source import SourceFile
from modal_wizard.apply import FileChange
from modal_wizard.session import Decision, Status, Typed


def is_safe(finding: Finding) -> bool:
    """Tell whether a finding may be taken unasked."""
    return finding.applicability is Applicability.SAFE


def recommended(finding: Finding) -> Choice:
    """Return the first choice; raises `CannotRewrite` when there is none."""
    if not finding.choices:
        raise CannotRewrite(f"there is nothing to apply here. {finding.advice}")
    return finding.choices[0]


def first_key(finding: Finding) -> str:
    """Return the key of the recommended choice, empty when there is none."""
    return finding.choices[0].key if finding.choices else ""


def changes_of(finding: Finding, decision: Decision) -> tuple[Change, ...]:
    """Return the changes of a decision; in a file that the person typed, only its clean-up."""
    if decision.status not in {Status.ACCEPTED, Status.EDITED} or not decision.choice:
        return ()
    changes = fill(finding.choice(decision.choice), dict(decision.values))
    if decision.typed is None:
        return changes
    path = decision.typed.path
    return tuple(c for c in changes if c.path != path or isinstance(c, (NeedName, DropIfUnused)))


def typed_patches(source: SourceFile, typed: Typed) -> list[Patch]:
    """Return the small patches that a person's text amounts to."""
    return between(source.data[typed.start : typed.end], source.encode(typed.text), typed.start)


def file_change(result: Rewritten) -> FileChange:
    """Return a rewritten file as something to write."""
    raw, patches = result.before.raw, result.raw_patches
    return FileChange(result.before.path, raw, apply(raw, patches), patches)
