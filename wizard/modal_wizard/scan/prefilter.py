"""Tell from bytes, without parsing, which files can hold findings; every file is read once."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from modal_transforms.analysis.answers import Answers
from modal_transforms.core.model import FileReport, Problem
from modal_transforms.core.patterns import pattern
from modal_transforms.formats import NOTEBOOK, is_looked_at, is_python, may_hold, may_require
from modal_transforms.formats.file_kinds import may_state_pin
from modal_transforms.prefilter import holds_command, may_hold_modal, may_hold_old, may_hold_settings
from modal_wizard.files.reader import MAX_BYTES, Reader
from modal_wizard.scan import skip_reasons
from modal_wizard.scan.discover import ScanScope

if TYPE_CHECKING:
    from modal_transforms.requirements import Pin


_SPARE = 2_000_000
"""Bytes that are kept of files that may have to be parsed, so that these are not read again."""
_SOUGHT = {b"stub": b"::stub"}
"""What all files are asked for where a file of Modal's holds something: it is looked for while they are read."""
_MODAL = pattern(rb"modal")
"""This finds a word that begins with a rare letter faster than ``in`` does."""
_UTF_16 = {b"\xff\xfe", b"\xfe\xff"}


class FileFacts(Struct, frozen=True):
    """What the bytes of one file tell."""

    is_candidate: bool = False
    """Whether it is to be parsed, whatever other files import."""
    may_borrow: bool = False
    """Whether it is to be parsed if it gets Modal's names from other files, or gives those that use Modal options."""
    may_lend: bool | None = None
    """Whether it may hold old options; ``None`` where they were not sought: nothing of Modal's was met before."""
    skipped: str = ""
    """Why it is not looked at; empty when it is."""
    report: FileReport | None = None
    """Why it cannot be read, where it cannot."""
    pins: tuple[Pin, ...] = ()


_NOTHING, _CANDIDATE = FileFacts(), FileFacts(is_candidate=True)
_BORROWER = {may_lend: FileFacts(may_borrow=True, may_lend=may_lend) for may_lend in (None, False, True)}


class Prefilter:
    """Sorts files into those that can hold findings and those that cannot, and notes what they import."""

    def __init__(self, scope: ScanScope, reader: Reader, answers: Answers) -> None:
        self._scope = scope
        self._reader = reader
        self._answers = answers
        self._spare = _SPARE

    def classify(self, path: str) -> FileFacts:
        """Read a file and tell what its bytes tell."""
        try:
            data = self._answers.kept.get(path) or self._reader.read(path)
        except FileNotFoundError:
            return FileFacts(skipped=skip_reasons.MISSING)
        except OSError as error:
            return _unreadable(path, f"cannot be read: {error.strerror}")
        if data is None or skip_reasons.is_lfs_pointer(data):
            return self._skip(path, data is None)
        if not (is_looked_at(path) and self._scope.covers(path)):
            return _with_pins(_NOTHING, path, data)
        if path.endswith(".py") and data[:2] in _UTF_16 and b"modal" in data.replace(b"\0", b""):
            return _unreadable(path, "in UTF-16, which Python does not read either")
        if _MODAL.search(data) is None:  # one search, and no other for what has the word in it
            return self._kind(path, data, says_modal=False)
        return _with_pins(self._kind(path, data, says_modal=True), path, data)

    def _kind(self, path: str, data: bytes, says_modal: bool) -> FileFacts:
        if not is_python(path, data):
            return self._kept(path, data, may_hold(path, data))
        if path not in self._answers.paths:
            return self._kept(path, data, may_hold_modal(data))
        self._answers.note(path, data)
        self._answers.look_through(path, data)
        if says_modal and (path in self._answers.graph.modal or holds_command(data)):
            for text in (sought for word, sought in _SOUGHT.items() if word in data):
                self._answers.seek(text)
            return self._kept(path, data, True)
        if self._scope.inside and not may_hold_old(data):
            return _NOTHING
        may_lend = may_hold_settings(data) if self._answers.graph.modal else None
        self._spare -= len(data)
        if self._spare > 0 or may_lend:
            self._answers.kept[path] = data
        return _BORROWER[may_lend]

    def _kept(self, path: str, data: bytes, is_candidate: bool) -> FileFacts:
        if is_candidate:
            self._answers.kept[path] = data
        return _CANDIDATE if is_candidate else _NOTHING

    def _skip(self, path: str, unread: bool) -> FileFacts:
        if unread and path.endswith(NOTEBOOK) and self._reader.is_large(path):
            return _unreadable(
                path, f"larger than {MAX_BYTES // 1024 // 1024} MB: clear its outputs to have it looked at"
            )
        if unread and self._reader.is_behind_link(path):
            return FileFacts(skipped=skip_reasons.LINKED)
        why = skip_reasons.skip_reason(os.fspath(self._scope.root), path, MAX_BYTES) if unread else ""
        return FileFacts(skipped=why or (skip_reasons.MISSING if unread else skip_reasons.LFS_POINTER))

    def holds_old(self, path: str) -> bool:
        """Tell whether a file that may borrow holds an old spelling; it is kept then."""
        return self._holds(path, may_hold_old)

    def holds_settings(self, path: str) -> bool:
        """Tell whether a file may hold old options, Modal's if a file that uses Modal imports them; it is kept then."""
        return self._holds(path, may_hold_settings)

    def _holds(self, path: str, tells: Callable[[bytes], bool]) -> bool:
        data = self._answers.bytes_of(path)
        if data is None or not tells(data):
            return False
        self._answers.kept[path] = data
        return True


def _unreadable(path: str, why: str) -> FileFacts:
    return FileFacts(report=FileReport(path, "", problems=(Problem(path, why),)))


def _with_pins(facts: FileFacts, path: str, data: bytes) -> FileFacts:
    """Return facts with what a file asks for of modal."""
    if not (may_require(path, data) and may_state_pin(path)):
        return facts
    from modal_transforms.requirements import pins_of

    pins = tuple(pins_of(path, data))
    return replace(facts, pins=pins) if pins else facts
