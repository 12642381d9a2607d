"""What decisions amount to: how a section stands, what writing it would do, what cannot be made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import UNSET, Struct

from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.needs import latest
from modal_transforms.rewrite.rewrite import Rewritten
from modal_wizard.files.change import FileChange
from modal_wizard.migration.rewrites import file_edits
from modal_wizard.session.decisions import PENDING, Decision, SectionWritten, WrittenEdit
from modal_wizard.text.grammar import decided


class NotApplicable(Struct, frozen=True):
    """A finding whose accepted change cannot be made, and why; it stays undecided."""

    finding: Finding
    reason: str


class Preview(Struct, frozen=True):
    """Exactly what writing a section would do."""

    section: Section
    files: tuple[FileChange, ...]
    accepted: tuple[Finding, ...]
    edited: tuple[Finding, ...]
    skipped: tuple[Finding, ...]
    refused: tuple[NotApplicable, ...] = ()
    rewritten: tuple[Rewritten, ...] = ()
    """The same files as text, and how places in them move."""
    followed: int = 0
    """How many of the accepted nobody decided: what was accepted brings them with it."""

    @property
    def counts(self) -> str:
        """How many findings were decided which way, and how many follow from those."""
        return decided(len(self.accepted), len(self.edited), len(self.skipped), self.followed)


class Tally(Struct, frozen=True):
    """How the findings of a section stand."""

    safe: int = 0
    review: int = 0
    manual: int = 0
    pending: int = 0
    accepted: int = 0
    edited: int = 0
    skipped: int = 0
    landed: int = 0
    by_hand: int = 0
    """Findings that the person changed themselves."""

    @property
    def done(self) -> int:
        """Findings that are no more: written, or done by hand."""
        return self.landed + self.by_hand

    @property
    def total(self) -> int:
        """All findings, those that are done included."""
        return self.safe + self.review + self.manual + self.done

    @property
    def decided(self) -> int:
        """Findings that need no more thought: decided or done."""
        return self.accepted + self.edited + self.skipped + self.done

    @property
    def is_ready(self) -> bool:
        """Whether everything is decided and something of it waits to be written."""
        return not self.pending and self.accepted + self.edited > 0


def landing_of(
    preview: Preview,
    commit: str,
    renamed: Mapping[str, str],
    decisions: Mapping[str, Decision],
    also: tuple[str, ...] = (),
    around: Iterable[Finding] = (),
    appeared: Iterable[str] = (),
) -> SectionWritten:
    """Return what is noted of a preview that was written; ``commit`` is empty when it was written without one.

    ``also`` says what a hook put into the commit beside it; ``around`` is all that was found in its files before,
    and ``appeared`` are the findings that came with it.
    """
    taken = (*preview.accepted, *preview.edited)
    return SectionWritten(
        preview.section.slug,
        tuple(sorted(finding.id for finding in taken)),
        commit,
        tuple(renamed.items()),
        len(preview.accepted),
        len(preview.edited),
        len(preview.skipped),
        bulk=tuple(_place(finding) for finding in taken if decisions.get(finding.id, PENDING).bulk),
        advice=tuple((_place(finding), finding.advice) for finding in taken if finding.advice),
        needs=tuple(sorted(_needs(taken, decisions).items())) or UNSET,
        also=also or UNSET,
        typed=tuple(_typed(preview, decisions)) or UNSET,
        appeared=tuple(appeared) or UNSET,
        followed=preview.followed or UNSET,
        places=tuple((f.id, f.rule, f.site.path, f.site.span.start) for f in around) or UNSET,
    )


def _typed(preview: Preview, decisions: Mapping[str, Decision]) -> Iterator[WrittenEdit]:
    files = {result.before.path: result.before for result in preview.rewritten}
    for finding in preview.edited:
        for typed in decisions[finding.id].edits:
            for edit in file_edits(files[typed.path], typed):
                yield WrittenEdit(finding.id, edit.path, files[typed.path].sha256, edit.start, edit.end, edit.text)


def _needs(taken: Iterable[Finding], decisions: Mapping[str, Decision]) -> dict[str, str]:
    """Return the smallest version of the SDK that runs what was written into each file, where some do not."""
    needed: dict[str, str] = {}
    for finding in taken:
        key = decisions.get(finding.id, PENDING).choice
        version = finding.choice(key).needs if key else finding.needs
        for path in finding.paths if version else ():
            needed[path] = latest(version, needed.get(path, ""))
    return needed


def _place(finding: Finding) -> str:
    return f"{finding.site.path}:{finding.site.line}"
