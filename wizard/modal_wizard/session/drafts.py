"""Drafts: texts that a person has begun to type and not confirmed, kept so that no end of the program loses them."""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import msgspec

from modal_transforms.core.patterns import pattern
from modal_wizard.files.safe_io import own_folder, read_own, write_durably

NAME = "drafts.jsonl"
MESSAGE = "message "
"""How the key of a commit message begins; the section's slug follows."""
ANYTHING = "*"
"""What a draft is about that fits whatever there is now."""
_LENT = pattern(r"draft-[0-9a-f]{16}\.\w+")
"""What a file is called that an editor has; nothing else is read or removed by its name."""


class Draft(msgspec.Struct, frozen=True, omit_defaults=True):
    """A text that is not confirmed yet."""

    key: str
    """What it is for: a finding, or a section's commit message."""
    about: str
    """The text that it began from; where that has changed, the draft does not fit any more."""
    text: str
    """Without the last line end."""
    file: str = ""
    """The name of the file, beside this one, that the person's own editor has or had; its text is the newer one."""


class Drafts:
    """The drafts of one repository, in a file beside the session.

    ``file`` is ``None`` where nothing is kept: drafts then last as long as the program. The file is read again before
    each write, so that the drafts of another wizard on the same repository stay.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._drafts = _load(file)
        self._changed: dict[str, Draft | None] = {}
        self._stale: set[str] = set()
        """Files of editors whose text is kept otherwise, or given up."""

    def find(self, key: str, about: str = "") -> str:
        """Return the draft's text, empty when there is none or it began from another text than ``about``."""
        draft = self._drafts.get(key)
        return self._newest(draft) if draft is not None and draft.about in {about, ANYTHING} else ""

    def waiting(self) -> list[str]:
        """Return what there are drafts for."""
        return [key for key, draft in self._drafts.items() if self._newest(draft)]

    def unclaimed(self) -> list[Path]:
        """Return the files that an editor saved after its text had been taken or given up, or that hold no text."""
        if self._file is None or not self._file.parent.is_dir():
            return []
        known = {draft.file for draft in _load(self._file).values()}
        found = (place for place in self._file.parent.iterdir() if _LENT.fullmatch(place.name))
        return sorted(
            place for place in found if (place.name not in known and _data_in(place)) or self._is_no_text(place.name)
        )

    def keep(self, key: str, text: str, about: str = "") -> None:
        """Keep a draft; it is on the disk after `save`."""
        self._keep(Draft(key, about, text))

    @contextlib.contextmanager
    def in_editor(self, key: str, text: str, about: str = "", suffix: str = ".py") -> Iterator[Path | None]:
        """Yield where the person's own editor may have the text, which is found again however the block ends.

        It is ``None`` where nothing can be kept. The block keeps what came back; only then is the file removed.
        """
        before = self._drafts.get(key)
        if before is not None:
            before = Draft(key, before.about, self._newest(before))
        lent = Draft(key, about, text.removesuffix("\n"), f"draft-{secrets.token_hex(8)}{suffix}")
        self._keep(lent)
        self.save()
        if self._file is None or key in self._changed:
            yield None
            return
        place = self._file.with_name(lent.file)
        try:
            yield place
            self.save()
        finally:
            if self._drafts.get(key) is lent and not place.exists():  # nothing was typed, or it was not taken up
                self._drafts.pop(key) if before is None else self._drafts.update({key: before})
                self._changed[key] = before
                self.save()

    def _keep(self, draft: Draft) -> None:
        self._leave(self._drafts.get(draft.key))
        self._drafts[draft.key] = self._changed[draft.key] = draft

    def _leave(self, draft: Draft | None) -> None:
        if draft is not None and _LENT.fullmatch(draft.file) and not self._is_no_text(draft.file):
            self._stale.add(draft.file)

    def _is_no_text(self, name: str) -> bool:
        """Tell whether an editor left something that could not be taken up: what was typed is nowhere else."""
        data = _data_in(self._file.with_name(name)) if self._file is not None else b""
        return bool(data) and not _text_of(data)

    def _newest(self, draft: Draft) -> str:
        """Return a draft's text: what is in the file that an editor has, or had when the program ended."""
        if self._file is None or not _LENT.fullmatch(draft.file):
            return draft.text
        return _text_of(_data_in(self._file.with_name(draft.file))) or draft.text

    def drop(self, key: str) -> None:
        """Forget a draft that was confirmed or given up, on the disk as well."""
        if key in self._drafts:
            self._leave(self._drafts.pop(key))
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
            for name in self._stale:
                self._file.with_name(name).unlink(missing_ok=True)
            self._stale.clear()


def part_key(finding: str, number: int) -> str:
    """Return what the draft of a part of a finding, counted from 0, is kept for."""
    return f"{finding} part {number + 1}" if number else finding


def drafts_beside(session: Path | None) -> Drafts:
    """Return the drafts that belong to a session, given the session's file."""
    return Drafts(session.with_name(NAME) if session is not None else None)


def _data_in(place: Path) -> bytes:
    """Return the bytes of a file that an editor left; none where it is none."""
    try:
        return read_own(place) or b""
    except OSError:
        return b""


def _text_of(data: bytes) -> str:
    try:
        return data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    except UnicodeDecodeError:
        return ""


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
