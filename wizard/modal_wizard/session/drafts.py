"""Drafts: texts that a person has begun to type and not confirmed, kept so that no end of the program loses them."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import msgspec

from modal_wizard.files.safe_io import own_folder, read_own, write_durably

NAME = "drafts.jsonl"


class Draft(msgspec.Struct, frozen=True):
    """A text that is not confirmed yet."""

    key: str
    """What it is for: a finding, or a section's commit message."""
    about: str
    """The text that it began from; where that has changed, the draft does not fit any more."""
    text: str


class Drafts:
    """The drafts of one repository, in a file beside the session.

    ``file`` is ``None`` where nothing is kept: drafts then last as long as the program. The file is read again before
    each write, so that the drafts of another wizard on the same repository stay.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._drafts = _load(file)
        self._changed: dict[str, Draft | None] = {}

    def find(self, key: str, about: str = "") -> str:
        """Return the draft's text, empty when there is none or it began from another text than ``about``."""
        draft = self._drafts.get(key)
        return draft.text if draft is not None and draft.about == about else ""

    def keep(self, key: str, text: str, about: str = "") -> None:
        """Keep a draft; it is on the disk after `save`."""
        self._drafts[key] = self._changed[key] = Draft(key, about, text)

    def drop(self, key: str) -> None:
        """Forget a draft that was confirmed or given up, on the disk as well."""
        if self._drafts.pop(key, None) is not None:
            self._changed[key] = None
            self.save()

    def save(self) -> None:
        """Write what changed; where that is not possible, drafts last as long as the program."""
        if not self._changed or self._file is None:
            return
        latest = {**_load(self._file), **self._changed}
        lines = [json.dumps(msgspec.to_builtins(draft)) for draft in latest.values() if draft is not None]
        with contextlib.suppress(OSError):
            own_folder(self._file.parent)
            write_durably(self._file, "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace"))
            self._changed.clear()


def drafts_beside(session: Path | None) -> Drafts:
    """Return the drafts that belong to a session, given the session's file."""
    return Drafts(session.with_name(NAME) if session is not None else None)


def _load(file: Path | None) -> dict[str, Draft]:
    try:
        data = read_own(file) if file is not None else None
    except OSError:
        return {}
    drafts = (_draft(line) for line in (data or b"").decode("utf-8", "replace").splitlines())
    return {draft.key: draft for draft in drafts if draft is not None}


def _draft(line: str) -> Draft | None:
    try:
        return msgspec.convert(json.loads(line), Draft)
    except (ValueError, RecursionError):
        return None
