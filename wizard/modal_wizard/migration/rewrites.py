"""From a decision about a finding to the changes that it stands for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import UNSET
from msgspec.structs import replace

from modal_transforms.core.model import (
    Applicability,
    Change,
    Choice,
    DropIfUnused,
    DropImport,
    Edit,
    Finding,
    NeedImport,
    NeedName,
    Span,
    fill,
)
from modal_transforms.core.patches import Patch, apply, between, map_offset
from modal_transforms.core.source import SourceFile
from modal_transforms.rewrite.rewrite import CannotRewrite, Rewritten, rewrite
from modal_wizard.files.change import FileChange
from modal_wizard.session.decisions import Decision, ManualEdit, Status

CLEAN_UP = (NeedName, NeedImport, DropIfUnused, DropImport)
"""Changes that follow from others: what a person types does not have to see to them."""


def is_safe(finding: Finding) -> bool:
    """Tell whether a finding may be taken unasked."""
    return finding.applicability is Applicability.SAFE


def recommended(finding: Finding) -> Choice:
    """Return the first choice; raises `CannotRewrite` when there is none."""
    if not finding.choices:
        raise CannotRewrite(f"there is nothing to apply here. {finding.advice}")
    return finding.choices[0]


def in_bulk(finding: Finding) -> Decision:
    """Return the decision to take the recommended choice together with others."""
    return Decision(Status.ACCEPTED, recommended(finding).key, bulk=True)


def first_key(finding: Finding) -> str:
    """Return the key of the recommended choice, empty when there is none."""
    return finding.choices[0].key if finding.choices else ""


def changes_of(finding: Finding, decision: Decision) -> tuple[Change, ...]:
    """Return the changes of a decision; in a file that the person typed, only its clean-up."""
    if decision.status not in {Status.ACCEPTED, Status.EDITED} or not decision.choice:
        return ()
    changes = fill(finding.choice(decision.choice), dict(decision.values))
    typed = {edit.path for edit in decision.edits}
    core = {c.path for c in changes if not isinstance(c, CLEAN_UP)}
    return tuple(c for c in changes if c.path not in typed or (c.path in core and isinstance(c, CLEAN_UP)))


def typed_patches(source: SourceFile, typed: ManualEdit) -> list[Patch]:
    """Return the small patches that a person's text amounts to."""
    return between(source.data[typed.start : typed.end], source.encode(typed.text), typed.start)


def file_edits(source: SourceFile, typed: ManualEdit) -> tuple[Edit, ...]:
    """Return a person's text as small edits of the bytes on disk."""
    return Rewritten(source, source, tuple(typed_patches(source, typed))).edits


def moved_edits(
    latest: Mapping[str, Decision], written: Iterable[Rewritten], landed: Container[str]
) -> dict[str, Decision]:
    """Return the decisions with a person's text in files that were written, as they are about those files now.

    Those that have ``landed`` are left out; what was written over is undecided again.
    """
    files = {result.before.path: result for result in written}
    moved: dict[str, Decision] = {}
    for key, made in latest.items():
        if key not in landed and any(typed.path in files for typed in made.edits):
            parts = [_moved_edit(typed, files[typed.path]) if typed.path in files else typed for typed in made.edits]
            kept = [part for part in parts if part is not None]
            whole = len(kept) == len(parts)
            moved[key] = replace(made, typed=kept[0], also=tuple(kept[1:]) or UNSET) if whole else Decision()
    return moved


def _moved_edit(typed: ManualEdit, result: Rewritten) -> ManualEdit | None:
    """Return a person's text as it is about its file after that was rewritten; ``None`` where both change the same."""
    whole = _moved(Patch(typed.start, typed.end, b""), result)
    parts = [_moved(patch, result) for patch in typed_patches(result.before, typed)]
    kept = [part for part in parts if part is not None]
    if whole is None or len(kept) < len(parts):
        return None
    inside = [Patch(part.start - whole.start, part.end - whole.start, part.data) for part in kept]
    text = apply(result.after.data[whole.start : whole.end], inside)
    return ManualEdit(typed.path, whole.start, whole.end, text.decode(_codec(result.after)))


def _moved(patch: Patch, result: Rewritten) -> Patch | None:
    """Return a patch of a file where its bytes are after the file was rewritten; ``None`` where its ends are gone."""
    start = map_offset(result.patches, patch.start)
    last = map_offset(result.patches, max(patch.start, patch.end - 1))
    if start is None or last is None:
        return None
    return Patch(start, last + min(1, patch.end - patch.start), patch.data)


def _codec(source: SourceFile) -> str:
    return source.encoding.removesuffix("-sig")


def file_change(result: Rewritten) -> FileChange:
    """Return a rewritten file as something to write."""
    raw, patches = result.before.raw, result.raw_patches
    return FileChange(result.before.path, raw, apply(raw, patches), patches)


def with_blanks(finding: Finding, decision: Decision) -> Decision:
    """Return a decision to look at: what the person has yet to say is shown as ``...``."""
    if not decision.choice:
        return decision
    blanks = {ask.key: ask.default or "..." for ask in finding.choice(decision.choice).asks}
    return replace(decision, values=tuple((blanks | dict(decision.values)).items()))


def core_patches(source: SourceFile, finding: Finding, decision: Decision) -> tuple[Patch, ...]:
    """Return what a choice changes in a file, without its imports and what goes with them: those follow by themselves.

    Values that it asks for and that are not given are ``...``.
    """
    changes = changes_of(finding, with_blanks(finding, decision))
    core = [c for c in changes if c.path == source.path and not isinstance(c, CLEAN_UP)]
    return tuple(rewrite(source, core).patches) if core else ()


def as_typed(source: SourceFile, patches: Sequence[Patch], lines: range) -> ManualEdit:
    """Return some lines of a file after patches, all within them, as text that a person could have typed."""
    span = Span(source.line_span(lines[0]).start, source.line_span(lines[-1]).end)
    inside = [
        Patch(p.start - span.start, p.end - span.start, p.data) for p in patches if span.contains(Span(p.start, p.end))
    ]
    text = apply(source.data[span.start : span.end], inside).decode(_codec(source))
    return ManualEdit(source.path, span.start, span.end, text)


Pair = tuple[Finding, Decision]
"""A finding, and what was decided about it."""
_KEPT = 1024
"""Rewritten files that are remembered: a section is checked, shown and written without working it out again."""


class Rewriter:
    """Rewrites files as decisions say; what it worked out of the same text before, it knows."""

    def __init__(self, source: Callable[[str], SourceFile]) -> None:
        self._source = source
        self._known: dict[str, tuple[SourceFile, dict[_Wanted, Rewritten]]] = {}
        """By path: the text, and what was made of it; of a text that is no more, nothing is kept."""
        self._count = 0

    def __call__(self, pairs: Iterable[Pair], only: Collection[str] | None = None) -> dict[str, Rewritten]:
        """Return the files that decisions change together, or ``only`` some of them; raises `CannotRewrite`."""
        wanted = (each for each in self._wanted(pairs) if only is None or each.path in only)
        return {each.path: self._rewritten(each) for each in wanted}

    def possible(self, pairs: Sequence[Pair]) -> tuple[list[Finding], list[tuple[Finding, str]]]:
        """Part findings that can be made together from those that collide with an earlier one, and why they do."""
        doubtful = self._doubtful(pairs)
        taken: list[Pair] = []
        refused: list[tuple[Finding, str]] = []
        for pair in pairs:
            paths = self.paths(pair)
            sure = paths and paths.isdisjoint(doubtful)
            if not sure and (why := self._hindrance([*taken, pair], paths)):
                refused.append((pair[0], why))
            else:
                taken.append(pair)
        return [finding for finding, _ in taken], refused

    def hindered(self, pairs: Sequence[Pair]) -> list[tuple[Finding, str]]:
        """Return the findings that cannot be made even by themselves, and why, where not all can be made together."""
        doubtful = self._doubtful(pairs)
        alone = [pair for pair in pairs if not (paths := self.paths(pair)) or paths & doubtful]
        return [(pair[0], why) for pair in alone if (why := self._hindrance([pair], self.paths(pair)))]

    def _doubtful(self, pairs: Iterable[Pair]) -> set[str]:
        """Return the files that cannot be made as all want it, and those that go with them."""
        known = [(pair, paths) for pair in pairs if (paths := self.paths(pair))]
        wanted = self._wanted(pair for pair, _ in known)
        doubtful = {each.path for each in wanted if isinstance(self._tried(each), CannotRewrite)}
        while more := {path for _, paths in known if paths & doubtful for path in paths} - doubtful:
            doubtful |= more
        return doubtful

    def paths(self, pair: Pair) -> set[str]:
        """Return the files that a decision changes; none where it cannot be said what it is to become."""
        try:
            return {each.path for each in self._wanted([pair])}
        except CannotRewrite:
            return set()

    def _hindrance(self, pairs: Iterable[Pair], paths: set[str]) -> str:
        """Return why some of the files cannot be made as decisions say; empty where they can."""
        try:
            tried = [self._tried(each) for each in self._wanted(pairs) if each.path in paths]
        except CannotRewrite as error:
            return str(error)
        return next((str(error) for error in tried if isinstance(error, CannotRewrite)), "")

    def _wanted(self, pairs: Iterable[Pair]) -> list[_Wanted]:
        changes: dict[str, list[Change]] = {}
        typed: dict[str, list[Patch]] = {}
        for finding, decision in pairs:
            for change in changes_of(finding, decision):
                changes.setdefault(change.path, []).append(change)
            for edit in decision.edits:
                source = self._source(edit.path)
                typed.setdefault(source.path, []).extend(typed_patches(source, edit))
        paths = dict.fromkeys([*changes, *typed])
        return [_Wanted(path, tuple(changes.get(path, ())), tuple(typed.get(path, ()))) for path in paths]

    def _rewritten(self, wanted: _Wanted) -> Rewritten:
        made = self._tried(wanted)
        if isinstance(made, CannotRewrite):
            raise made
        return made

    def _tried(self, wanted: _Wanted) -> Rewritten | CannotRewrite:
        try:
            source = self._source(wanted.path)
            before, known = self._known.get(wanted.path, (None, {}))
            if before == source and wanted in known:
                return known[wanted]
            made = rewrite(source, wanted.changes, wanted.typed)
            self._keep(wanted, source, made)
        except CannotRewrite as error:
            return error.with_traceback(None)
        return made

    def _keep(self, wanted: _Wanted, source: SourceFile, made: Rewritten) -> None:
        before, known = self._known.pop(wanted.path, (source, {}))
        if before != source:
            self._count -= len(known)
            known = {}
        self._known[wanted.path] = source, known
        known[wanted] = made
        self._count += 1
        while self._count > _KEPT:
            self._forget(next(iter(self._known)))

    def _forget(self, path: str) -> None:
        """Forget what was made first of a file."""
        _, known = self._known[path]
        del known[next(iter(known))]
        self._count -= 1
        if not known:
            del self._known[path]


class _Wanted(NamedTuple):
    """What is to be made of one file."""

    path: str
    changes: tuple[Change, ...]
    typed: tuple[Patch, ...]
