"""The change under the cursor as hunks: worked out once for each scan, aside where it takes more than a moment."""

from __future__ import annotations

import sys
from collections import OrderedDict

from modal_transforms.model import Finding
from modal_transforms.rewriting import CannotRewrite
from modal_wizard.diff import Hunk
from modal_wizard.migration import Migration
from modal_wizard.scan import Scan
from modal_wizard.session import Decision

SMALL = 8 * 1024
"""Files of together fewer bytes than this are rewritten in a few milliseconds."""
KEPT = 256

Wanted = tuple[str, Decision | None, int]
"""A finding's identity, the decision whose change is shown, and how many lines around it."""


class Drawings:
    """The hunks that were worked out, or why there are none."""

    def __init__(self) -> None:
        self._made: OrderedDict[Wanted, list[Hunk] | CannotRewrite] = OrderedDict()
        self._scan: Scan | None = None
        """The scan that they are of."""

    def known(self, scan: Scan, wanted: Wanted) -> list[Hunk] | CannotRewrite | None:
        """Return what was worked out already; ``None`` when it was not."""
        if self._scan is not scan:
            self._made.clear()
            self._scan = scan
        return self._made.get(wanted)

    def make(self, migration: Migration, finding: Finding, wanted: Wanted) -> list[Hunk] | CannotRewrite:
        """Work out how a decision looks; may be called in a thread."""
        scan, (_, decision, around) = migration.scanned, wanted
        result: list[Hunk] | CannotRewrite
        try:
            result = migration.hunks(finding, decision, around)
        except CannotRewrite as error:
            result = error
        if self._scan is scan:
            self._made[wanted] = result
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
        return result


def is_quick(migration: Migration, finding: Finding) -> bool:
    """Tell whether a finding's change is worked out before a person notices."""
    if not finding.choices:
        return True
    sources = migration.scanned.sources
    sizes = [len(sources[path].data) if path in sources else SMALL for path in finding.paths]
    return "libcst" in sys.modules and sum(sizes) < SMALL
