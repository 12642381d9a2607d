"""What a scan in a process of its own sends home: parcels of what it gave, pickled one after another on a pipe.

What several parcels have in common is sent once, so that it is held once where they arrive.
"""

from __future__ import annotations

import io
import pickle
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

from modal_transforms.core.model import FileReport
from modal_transforms.core.source import SourceFile
from modal_wizard import __version__
from modal_wizard.scan.result import Progress, Scan

GREETING = ("modal-wizard", __version__)
"""What comes first, so that both ends are of one make."""
EVERY = 0.025
"""Seconds after which what there is goes out."""
FINDINGS = 40
"""So many go out at once: to unpack more would hold up a key."""
PATHS = 2000


@dataclass(slots=True)
class ScanBatch:
    """What a scan gave since the parcel before."""

    done: int
    total: int
    files: int = 0
    python: int = 0
    paths: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    silent: list[str] = field(default_factory=list)
    reports: list[FileReport] = field(default_factory=list)
    sources: list[SourceFile] = field(default_factory=list)
    over: bool = False
    """Whether it is the last one."""

    def unpack(self, found: Scan) -> Iterator[Progress]:
        """Add what is in it to a scan, and yield as that would."""
        found.files, found.python = self.files, self.python
        found.paths += self.paths
        found.skipped.update(self.skipped)
        found.silent.update(self.silent)
        found.sources.update((source.path, source) for source in self.sources)
        for report in self.reports:
            found.reports[report.path] = report
            yield Progress(self.done, self.total, report)
        yield Progress(self.done, self.total)


def parcels(found: Scan, steps: Iterable[Progress]) -> Iterator[ScanBatch]:
    """Yield what a scan gives, bit by bit; ``found`` is what it fills."""
    parcel, sources, skipped, sent = ScanBatch(0, 0), 0, 0, 0.0
    for number, progress in enumerate(steps):
        parcel.done, parcel.total = progress.done, progress.total
        for start in range(0, 0 if number else len(found.paths), PATHS):
            yield ScanBatch(0, progress.total, paths=found.paths[start : start + PATHS])
        if progress.report is not None:
            parcel.reports.append(progress.report)
        if time.monotonic() - sent > EVERY or sum(len(report.findings) for report in parcel.reports) >= FINDINGS:
            parcel.files, parcel.python = found.files, found.python
            parcel.sources = list(islice(found.sources.values(), sources, None))
            parcel.skipped = dict(islice(found.skipped.items(), skipped, None))
            sources, skipped, sent = len(found.sources), len(found.skipped), time.monotonic()
            yield parcel
            parcel = ScanBatch(progress.done, progress.total)
    parcel.files, parcel.python = found.files, found.python
    parcel.sources = list(islice(found.sources.values(), sources, None))
    parcel.skipped, parcel.silent, parcel.over = found.skipped, list(found.silent), True
    yield parcel


class Packer:
    """Makes bytes of one thing after another; what was packed once is only named after."""

    def __init__(self) -> None:
        self._made = io.BytesIO()
        self._pickler = pickle.Pickler(self._made, pickle.HIGHEST_PROTOCOL)

    def __call__(self, thing: object) -> bytes:
        """Return the bytes of a thing; they are read in the order in which they are made."""
        self._made.seek(0)
        self._made.truncate()
        self._pickler.dump(thing)
        return self._made.getvalue()


def unpacked(pipe: BinaryIO) -> Iterator[object]:
    """Yield the things that were packed, until the pipe ends or holds something else."""
    unpickler = pickle.Unpickler(pipe)
    while True:
        try:
            thing = unpickler.load()
        except Exception:  # a process that is killed or gone wrong may leave anything behind
            return
        yield thing
