"""How a scan in a process of its own sends its results to the wizard: in batches, pickled one after another on a pipe.

What several batches have in common is sent once, so that the wizard holds it once.
"""

from __future__ import annotations

import io
import pickle
import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct, field

from modal_transforms.core.model import FileReport
from modal_transforms.core.source import SourceFile
from modal_wizard import __version__
from modal_wizard.scan.result import Progress, Scan

if TYPE_CHECKING:
    from modal_transforms.requirements import Pin

OUTDATED = "outdated?"
"""Asks whether files changed since the last scan; the answer is whether they did."""
LOOK_ALIKES = "look-alikes?"
"""Asks for what the last scan left alone though it reads like old code."""
Request = Mapping[str, bytes] | str | None
"""What the wizard asks for: a scan of the files as they are, of what they would be with other bytes, `OUTDATED` or
`LOOK_ALIKES`."""
GREETING = ("modal-wizard", __version__)
"""The first value on the pipe: both ends have to be of the same version."""
MAX_AGE = 0.025
"""Seconds after which a batch is sent, however small it is."""
MAX_FINDINGS = 40
"""Findings after which a batch is sent: unpacking more would hold up a key."""
MAX_PATHS = 2000
"""Paths in one batch, for the same reason."""


class ScanBatch(Struct):
    """What a scan gave since the batch before."""

    done: int
    total: int
    files: int = 0
    python: int = 0
    paths: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    pins: list[Pin] = field(default_factory=list)
    reports: list[FileReport] = field(default_factory=list)
    sources: list[SourceFile] = field(default_factory=list)
    last: bool = False
    """Whether the scan is over."""

    def unpack(self, found: Scan) -> Iterator[Progress]:
        """Add the contents to ``found``, and yield the steps that the scan itself yielded."""
        found.files, found.python = self.files, self.python
        found.paths += self.paths
        found.skipped.update(self.skipped)
        found.pins += self.pins
        found.sources.update((source.path, source) for source in self.sources)
        for report in self.reports:
            found.reports[report.path] = report
            yield Progress(self.done, self.total, report)
        yield Progress(self.done, self.total)


def scan_batches(found: Scan, steps: Iterable[Progress]) -> Iterator[ScanBatch]:
    """Yield what a scan gives in batches, the last one marked; ``found`` is what ``steps`` fills meanwhile."""
    batch, sources, skipped, sent = ScanBatch(0, 0), 0, 0, 0.0
    for number, progress in enumerate(steps):
        batch.done, batch.total = progress.done, progress.total
        for start in range(0, 0 if number else len(found.paths), MAX_PATHS):
            yield ScanBatch(0, progress.total, paths=found.paths[start : start + MAX_PATHS])
        if progress.report is not None:
            batch.reports.append(progress.report)
        if time.monotonic() - sent > MAX_AGE or sum(len(report.findings) for report in batch.reports) >= MAX_FINDINGS:
            batch.files, batch.python = found.files, found.python
            batch.sources = list(islice(found.sources.values(), sources, None))
            batch.skipped = dict(islice(found.skipped.items(), skipped, None))
            sources, skipped, sent = len(found.sources), len(found.skipped), time.monotonic()
            yield batch
            batch = ScanBatch(progress.done, progress.total)
    batch.files, batch.python = found.files, found.python
    batch.sources = list(islice(found.sources.values(), sources, None))
    batch.skipped, batch.pins, batch.last = found.skipped, found.pins, True
    yield batch


def encode_stream(values: Iterable[object]) -> Iterator[bytes]:
    """Yield the bytes of each value in turn; what occurred in an earlier one is referred to, not sent again."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    for value in values:
        buffer.seek(0)
        buffer.truncate()
        pickler.dump(value)
        yield buffer.getvalue()


def decode_stream(pipe: BinaryIO) -> Iterator[object]:
    """Yield the values that `encode_stream` made bytes of, until the pipe ends or holds anything else."""
    unpickler = pickle.Unpickler(pipe)
    while True:
        try:
            value = unpickler.load()
        except Exception:  # a process that is killed or gone wrong may leave anything behind
            return
        yield value
