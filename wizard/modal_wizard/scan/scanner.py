"""A scan from nothing: list, read, prefilter, analyse. A bad file gives a problem and does not end the scan.

Imports neither LibCST nor Textual nor git: a scan as text has to start fast.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator

from modal_transforms.analysis.parse import quietly
from modal_wizard.scan.analysis import Analysis
from modal_wizard.scan.discover import ScanScope
from modal_wizard.scan.result import Progress, Scan


def scan(found: Scan) -> Iterator[Progress]:
    """Scan every file of the scope that may hold Modal code, filling ``found``; yields after each file.

    All files are read once, to tell which of them can hold findings; those are then parsed and analysed, in order,
    except those that ``found`` has a report of: an earlier scan that was cut short left these.
    """
    return Analysis(found.scope)(found)


def scan_all(
    scope: ScanScope, tell: Callable[[int, int], None] = lambda _done, _total: None, looking: Analysis | None = None
) -> Scan:
    """Scan a scope to the end and return the result, sorted by path; ``tell`` gets how many of how many are done.

    ``looking`` is the analysis of that scope that is to know it then.
    """
    found = Scan(scope)
    with gc_paused(), quietly():
        for step in scan(found) if looking is None else looking(found):
            tell(step.done, step.total)
    found.reports, found.sources = dict(sorted(found.reports.items())), dict(sorted(found.sources.items()))
    return found


@contextlib.contextmanager
def gc_paused() -> Iterator[None]:
    """Pause the garbage collector, and let it never look at what is made within the block.

    A scan keeps its syntax trees to the end: the collector would walk them in vain, now and when the program ends.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


@contextlib.contextmanager
def gc_seldom() -> Iterator[None]:
    """Have the garbage collector look within the block only when there is much that it could find."""
    before = gc.get_threshold()
    gc.set_threshold(_MUCH, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


_MUCH = 400_000
"""So many objects take about 60 MiB; to look through them, and all older ones, after each 700 takes a tenth of all."""
