"""Texts that somebody has begun to type and not taken yet, kept so that no end of the program loses them."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import msgspec

from modal_wizard.files.safe_io import own_folder, read_own, write_durably

NAME = "drafts.jsonl"


class Draft(msgspec.Struct, frozen=True):
    """A text in the making."""

    key: str
    """What it is for: a finding, or a section's commit message."""
    about: str
    """What it began from; where that is another text by now, the draft does not fit any more."""
    text: str


class Drafts:
    """The texts in the making of one repository, in a file of their own beside the session.

    ``file`` is ``None`` where nothing is kept; texts then last as long as the program. Another wizard on the same
    repository keeps its own texts: the file is read again before each writing.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._drafts = _load(file)
        self._changed: dict[str, Draft | None] = {}

    def find(self, key: str, about: str = "") -> str:
        """Return the text that was begun, empty when there is none or it began from something else."""
        draft = self._drafts.get(key)
        return draft.text if draft is not None and draft.about == about else ""

    def keep(self, key: str, text: str, about: str = "") -> None:
        """Keep a text; it is on the disk after `save`."""
        self._drafts[key] = self._changed[key] = Draft(key, about, text)

    def drop(self, key: str) -> None:
        """Forget a text that was taken or given up, at once."""
        if self._drafts.pop(key, None) is not None:
            self._changed[key] = None
            self.save()

    def save(self) -> None:
        """Write what changed; where that is not possible the texts last as long as the program."""
        if not self._changed or self._file is None:
            return
        latest = {**_load(self._file), **self._changed}
        lines = [json.dumps(msgspec.to_builtins(draft)) for draft in latest.values() if draft is not None]
        with contextlib.suppress(OSError):
            own_folder(self._file.parent)
            write_durably(self._file, "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace"))
            self._changed.clear()


def drafts_beside(session: Path | None) -> Drafts:
    """Return the texts in the making that belong to a session, by its file."""
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
