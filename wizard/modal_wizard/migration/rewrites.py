"""From a decision about a finding to the changes that it stands for."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from modal_transforms.core.model import Applicability, Change, Choice, DropIfUnused, Edit, Finding, NeedName, Span, fill
from modal_transforms.core.patches import Patch, apply, between, map_offset
from modal_transforms.core.source import SourceFile
from modal_transforms.rewrite.rewrite import CannotRewrite, Rewritten, rewrite
from modal_wizard.files.change import FileChange
from modal_wizard.session.log import Decision, ManualEdit, Status


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
    if decision.typed is None:
        return changes
    path = decision.typed.path
    return tuple(c for c in changes if c.path != path or isinstance(c, (NeedName, DropIfUnused)))


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
        if key not in landed and made.typed is not None and made.typed.path in files:
            text = _moved_edit(made.typed, files[made.typed.path])
            moved[key] = Decision() if text is None else replace(made, typed=text)
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


def as_typed(source: SourceFile, finding: Finding, choice: str) -> ManualEdit:
    """Return the lines of a finding's file that a choice changes, as text that a person could have typed."""
    path = source.path
    changes = changes_of(finding, with_blanks(finding, Decision(Status.ACCEPTED, choice)))
    core = [c for c in changes if c.path == path and not isinstance(c, (NeedName, DropIfUnused))]
    patches = rewrite(source, core).patches if core else ()
    touched = [offset for patch in patches for offset in (patch.start, max(patch.start, patch.end - 1))]
    places = touched or [site.span.start for site in finding.sites if site.path == path]
    lines = [source.line_of(offset) for offset in places]
    span = Span(source.line_span(min(lines)).start, source.line_span(max(lines)).end)
    inside = [Patch(p.start - span.start, p.end - span.start, p.data) for p in patches]
    text = apply(source.data[span.start : span.end], inside).decode(_codec(source))
    return ManualEdit(path, span.start, span.end, text)


Pair = tuple[Finding, Decision]
"""A finding, and what was decided about it."""
_KEPT = 1024
"""Rewritten files that are remembered: a section is checked, shown and written without working it out again."""


class Rewriter:
    """Rewrites files as decisions say; what it worked out of the same text before, it knows."""

    def __init__(self, source: Callable[[str], SourceFile]) -> None:
        self._source = source
        self._known: dict[_Wanted, tuple[SourceFile, Rewritten | CannotRewrite]] = {}

    def __call__(self, pairs: Iterable[Pair]) -> dict[str, Rewritten]:
        """Return the files that decisions change together; raises `CannotRewrite`."""
        return {each.path: self._rewritten(each) for each in self._wanted(pairs)}

    def possible(self, pairs: Sequence[Pair]) -> tuple[list[Finding], list[tuple[Finding, str]]]:
        """Part findings that can be made together from those that collide with an earlier one, and why they do."""
        doubtful = self._doubtful(pairs)
        taken: list[Pair] = []
        refused: list[tuple[Finding, str]] = []
        for pair in pairs:
            paths = self._paths(pair)
            sure = paths and paths.isdisjoint(doubtful)
            if not sure and (why := self._hindrance([*taken, pair], paths)):
                refused.append((pair[0], why))
            else:
                taken.append(pair)
        return [finding for finding, _ in taken], refused

    def hindered(self, pairs: Sequence[Pair]) -> list[tuple[Finding, str]]:
        """Return the findings that cannot be made even by themselves, and why, where not all can be made together."""
        doubtful = self._doubtful(pairs)
        alone = [pair for pair in pairs if not (paths := self._paths(pair)) or paths & doubtful]
        return [(pair[0], why) for pair in alone if (why := self._hindrance([pair], self._paths(pair)))]

    def _doubtful(self, pairs: Iterable[Pair]) -> set[str]:
        """Return the files that cannot be made as all want it, and those that go with them."""
        known = [(pair, paths) for pair in pairs if (paths := self._paths(pair))]
        wanted = self._wanted(pair for pair, _ in known)
        doubtful = {each.path for each in wanted if isinstance(self._tried(each), CannotRewrite)}
        while more := {path for _, paths in known if paths & doubtful for path in paths} - doubtful:
            doubtful |= more
        return doubtful

    def _paths(self, pair: Pair) -> set[str]:
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
            if decision.typed is not None:
                source = self._source(decision.typed.path)
                typed.setdefault(source.path, []).extend(typed_patches(source, decision.typed))
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
            before, made = self._known.get(wanted, (None, None))
            if made is None or before != source:
                made = rewrite(source, wanted.changes, wanted.typed)
                self._keep(wanted, source, made)
        except CannotRewrite as error:
            made = error.with_traceback(None)
        return made

    def _keep(self, wanted: _Wanted, source: SourceFile, made: Rewritten) -> None:
        self._known.pop(wanted, None)
        while len(self._known) >= _KEPT:
            del self._known[next(iter(self._known))]
        self._known[wanted] = source, made


class _Wanted(NamedTuple):
    """What is to be made of one file."""

    path: str
    changes: tuple[Change, ...]
    typed: tuple[Patch, ...]
