"""The change under the cursor as hunks: worked out once for each scan, aside where it takes more than a moment."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from modal_transforms.core.model import Finding
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.migration.migration import Migration
from modal_wizard.review.change import Beside, Rewrites, change_of
from modal_wizard.scan.result import Scan
from modal_wizard.session.decisions import Decision
from modal_wizard.text.diff import Hunk, Mark, Row, group

SMALL = 8 * 1024
"""Files of together fewer bytes than this are rewritten in a few milliseconds."""
KEPT = 64

Wanted = tuple[str, Decision, Beside]
"""A finding's identity, the decision whose change is shown, and the other accepted changes that it is shown among."""

WHOLE = 1_000_000
"""More lines than a file has: the context that shows all of it."""
FEW_OTHERS = 12
"""More changes than this take a while to be made together."""
LOW = 10
"""A lower view that cannot hold the changes shows few lines around them: what is scrolled should be the change."""
USUAL, MOST = 3, 12
"""How many lines there are around a change by themselves: as many as find room; where none do, the usual."""


class ChangeCache:
    """The changed files that were worked out, each as one hunk of all its lines, or why there are none."""

    def __init__(self) -> None:
        self._made: OrderedDict[Wanted, list[Hunk] | CannotRewrite] = OrderedDict()
        self._scan: Scan | None = None
        """The scan that they are of."""
        self._rewrites: Rewrites | None = None

    def known(self, scan: Scan, wanted: Wanted) -> list[Hunk] | CannotRewrite | None:
        """Return what was worked out already; ``None`` when it was not."""
        if self._scan is not scan:
            self._made.clear()
            self._scan = scan
        return self._made.get(wanted)

    def _rewrites_of(self, migration: Migration) -> Rewrites:
        if self._rewrites is None:
            self._rewrites = Rewrites(migration)
        return self._rewrites

    def is_makeable(self, migration: Migration, finding: Finding, decision: Decision) -> bool:
        """Tell whether it was worked out that a decision can be made, whatever else was accepted then."""
        return self._rewrites_of(migration).has(finding, decision)

    def make(self, migration: Migration, finding: Finding, wanted: Wanted) -> list[Hunk] | CannotRewrite:
        """Work out how a decision looks; may be called in a thread."""
        scan, (_, decision, others) = migration.scanned, wanted
        result: list[Hunk] | CannotRewrite
        try:
            result = change_of(migration, finding, decision, others, self._rewrites_of(migration))
        except CannotRewrite as error:
            result = error
        if self._scan is scan:
            self._made[wanted] = result
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
        return result


def cut(files: Sequence[Hunk], context: int) -> list[Hunk]:
    """Return the changed lines of whole files, and those around them."""
    return [hunk for file in files for hunk in group(file.path, list(file.rows), context)]


def roomy(files: Sequence[Hunk], height: int) -> int:
    """Return how many lines to show around each change, so that what is shown fits into a height."""
    changed = [[at for at, row in enumerate(file.rows) if is_own(row)] for file in files]
    titles = len(files) if len(files) > 1 else 0
    for context in range(MOST, 0, -1):
        if sum(_height(rows, context) for rows in changed) - 1 + titles <= height:
            return context
    return USUAL if height >= LOW else 1


def _height(changed: Sequence[int], context: int) -> int:
    """Return how many lines the hunks around changed rows take at most, with one between them."""
    height, end = 0, -1
    for at in changed:
        start = max(0, at - context, end)
        height += at + context + 1 - start + (start > end)
        end = at + context + 1
    return height


def is_own(row: Row) -> bool:
    """Tell whether a row is of the change that is shown, not of others and not unchanged."""
    return row.mark is not Mark.SAME and not row.other


def is_quick(migration: Migration, finding: Finding, others: Beside) -> bool:
    """Tell whether a finding's change is worked out, among others, before a person notices."""
    if not finding.choices and not others:
        return True
    return len(others) <= FEW_OTHERS and sum(_size(migration, path) for path in finding.paths) < SMALL


def _size(migration: Migration, path: str) -> int:
    """Return how many bytes a file has; of one that was not read yet, the file system knows."""
    source = migration.scanned.sources.get(path)
    if source is not None:
        return len(source.data)
    try:
        return (migration.scope.root / path).stat().st_size
    except (OSError, ValueError):
        return SMALL
