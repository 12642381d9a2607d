"""See that files change on disk while the wizard is open: by an editor, a branch switch, a hook."""

from __future__ import annotations

from collections.abc import Callable

from modal_wizard.tui.host import Host

LOOK_EVERY = 2.0
"""Seconds between two looks: the process that scans compares the time stamps of what it has read."""
CHANGED = "Files changed on disk and were looked at again; decisions stay where their lines are the same."


class DiskWatch:
    """Looks at the files again when they changed, while ``is_home`` says that nothing is being read.

    Nothing moves under the hands of somebody who reads a finding or a commit: what changed waits until they are back.
    """

    def __init__(self, host: Host, is_home: Callable[[], bool]) -> None:
        self._host = host
        self._is_home = is_home
        self._waits = False
        """Whether a change was seen, and is not shown yet."""

    def look(self) -> None:
        """Look whether files changed, and at those that did; in the thread of a worker."""
        migration = self._host.migration
        self._waits = self._waits or migration.analysis.is_outdated()
        if self._waits:
            self._host.call_from_thread(self._show, migration.looked_again())

    def _show(self, take: Callable[[], None]) -> None:
        if self._is_home():
            take()
            self._waits = False
            self._host.pins = tuple(self._host.migration.scanned.pins_covered)
            self._host.tell(CHANGED)
            self._host.show_all()
