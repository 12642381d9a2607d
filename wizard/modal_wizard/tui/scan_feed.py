"""What a scan finds, fed to the application: worked out in a thread, handed over as messages.

The thread waits until each message is dealt with, so that it takes no time from what is drawn.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.worker import get_current_worker

from modal_wizard.errors import WizardError
from modal_wizard.process import signals
from modal_wizard.tui.host import RepositoryOpened, ScanEnded, ScanListener, ScanMoved

if TYPE_CHECKING:
    from modal_wizard.git.repository import Repository
    from modal_wizard.migration.migration import Migration
    from modal_wizard.scan.background import BackgroundScan
    from modal_wizard.scan.discover import ScanScope

PROGRESS_EVERY = 0.1
"""Seconds between two messages on how far the scan is."""


class ScanFeed:
    """The work of one worker thread: open the repository, scan it, and post what the screens are to know."""

    def __init__(
        self,
        scope: ScanScope,
        migration: Migration | None,
        repository: Repository | None,
        aside: BackgroundScan | None,
        listener: ScanListener,
        call: Callable[..., None],
    ) -> None:
        self._scope = scope
        self._migration = migration
        self._repository = repository
        self._aside = aside
        """What scans in a process of its own; without it, the scan is done in the thread."""
        self._listener = listener
        self._call = call
        """Calls something with a message on the application's thread, and waits for it."""

    def run(self) -> None:
        """Open and scan, in the thread of a worker, which a signal may end."""
        try:
            migration = self._open()
            self._scan(migration)
            gc.freeze()  # what was found is there to stay
        except signals.Halted:
            return
        except WizardError as error:
            self._call(self._listener.refuse, error)

    def _open(self) -> Migration:
        from modal_wizard.migration.open import open_repository, open_scope

        migration = self._migration or open_scope(self._scope)
        opened = open_repository(self._scope, self._repository)
        if self._aside is not None:
            migration.looking = self._aside
            if opened.settled:
                self._aside.restart()
        self._call(self._listener.on_repository_opened, RepositoryOpened(migration, opened))
        return migration

    def _scan(self, migration: Migration) -> None:
        last, total, some = time.monotonic(), 0, False
        worker = get_current_worker()
        for progress in migration.scan():
            self._listener.answering.wait()
            if worker.is_cancelled:
                return
            total = progress.total
            first = not some and progress.report is not None and bool(progress.report.findings)
            if first or time.monotonic() - last > PROGRESS_EVERY:
                self._call(self._listener.on_scan_moved, ScanMoved(progress.done, total))
                last, some = time.monotonic(), some or first
        ended = ScanEnded(total, migration.scanned.pins_covered)
        self._call(self._listener.on_scan_ended, ended)
