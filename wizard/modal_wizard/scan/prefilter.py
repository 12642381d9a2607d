"""Tell from bytes, without parsing, which files can hold findings; every file is read once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from modal_transforms.analysis.project import Project
from modal_transforms.core.model import FileReport, Problem
from modal_transforms.formats import NOTEBOOK, is_looked_at, is_python, may_hold, may_require
from modal_transforms.formats.file_kinds import may_pin, may_state_pin
from modal_transforms.prefilter import holds_command, may_hold_modal, may_hold_old
from modal_wizard.files.reader import MAX_BYTES, Reader
from modal_wizard.scan import skip_reasons

if TYPE_CHECKING:
    from modal_wizard.scan.result import Scan


_SPARE = 2_000_000
"""Bytes that are kept of files that may have to be parsed, so that these are not read again."""
_UTF_16 = {b"\xff\xfe", b"\xfe\xff"}


class Prefilter:
    """Sorts files into those that can hold findings and those that cannot, and notes what they import."""

    def __init__(self, found: Scan, project: Project) -> None:
        self._found = found
        self.project = project
        self._root = os.fspath(found.scope.root)
        self._reader = Reader(found.scope.root)
        self.candidates: set[str] = set()
        """Files to parse, whatever other files import."""
        self._others: list[str] = []
        """Python files to parse only if they get Modal's names from other files."""
        self._spare = _SPARE

    def classify(self, path: str) -> FileReport | None:
        """Read a file and note whether it is to be parsed; returns a report with the reason where it cannot be read."""
        try:
            data = self._reader.read(path)
        except FileNotFoundError:
            self._found.skipped[path] = skip_reasons.MISSING
            return None
        except OSError as error:
            return FileReport(path, "", problems=(Problem(path, f"cannot be read: {error.strerror}"),))
        if data is None or skip_reasons.is_lfs_pointer(data):
            return self._skip(path, data is None)
        if path.endswith(".py") and data[:2] in _UTF_16 and b"modal" in data.replace(b"\0", b""):
            return FileReport(path, "", problems=(Problem(path, "in UTF-16, which Python does not read either"),))
        self._note_pins(path, data)
        if not is_python(path, data):
            self._keep(path, data, may_hold(path, data))
        elif path in self.project.paths:
            self.project.note(path, data)
            self._keep(path, data, self.project.imports_modal(path) or holds_command(data))
            if path not in self.candidates and (not self._found.scope.inside or may_hold_old(data)):
                self._others.append(path)
                self._spare -= len(data)
                if self._spare > 0:
                    self.project.keep(path, data)
        else:
            self._keep(path, data, may_hold_modal(data))
        return None

    def _keep(self, path: str, data: bytes, candidate: bool) -> None:
        if candidate:
            self.candidates.add(path)
            self.project.keep(path, data)

    def _note_pins(self, path: str, data: bytes) -> None:
        if may_require(path, data) and may_state_pin(path):
            from modal_transforms.requirements import pins_of

            self._found.pins += pins_of(path, data)

    def read_lists(self) -> None:
        """Note what is asked for of modal where no code is: in the lists of the whole root, whatever the scope is."""
        covers = self._found.scope.covers
        for path in self._found.paths:
            if may_pin(path) and not (is_looked_at(path) and covers(path)):
                self._note_pins(path, self._reader(path) or b"")
        if self._found.pins:
            from modal_transforms.requirements import reaching

            self._found.pins[:] = reaching(self._found.pins, self._found.paths)

    def _skip(self, path: str, unread: bool) -> FileReport | None:
        if unread and path.endswith(NOTEBOOK) and self._reader.is_large(path):
            reason = f"larger than {MAX_BYTES // 1024 // 1024} MB: clear its outputs to have it looked at"
            return FileReport(path, "", problems=(Problem(path, reason),))
        if unread and self._reader.is_behind_link(path):
            why = skip_reasons.LINKED
        else:
            why = skip_reasons.skip_reason(self._root, path, MAX_BYTES) if unread else skip_reasons.LFS_POINTER
        self._found.skipped.setdefault(path, why or skip_reasons.MISSING)
        return None

    def wanted(self) -> list[str]:
        """Return the files to parse, sorted; to be called when all files are classified."""
        for path in filter(self.project.reaches_modal, self._others):
            data = self.project.data(path)
            if data is not None and may_hold_old(data):
                self._keep(path, data, True)
        return sorted(self.candidates)
