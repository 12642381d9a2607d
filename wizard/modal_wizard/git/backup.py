"""Originals of what a run writes, kept in a bare repository of our own below the git directory.

Nothing that is pushed, mirrored, cloned or fetched from the person's repository takes them along, and no clean-up of it
throws them away. Older versions kept them under refs in the person's repository: those are read, and moved at the next
writing.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from msgspec.structs import replace

from modal_wizard.files.backup import (
    Backup,
    Original,
    _is_executable,
    backup_of,
    newest_first,
    next_number,
    record_of,
    run_for,
    runs,
    with_changes,
    with_commit,
)
from modal_wizard.files.change import FileChange
from modal_wizard.files.safe_io import own_folder, read_own
from modal_wizard.files.signed import is_signed, read_signed, signature, write_signed
from modal_wizard.git.command import Completed, Git, RepositoryProblem, check_ok
from modal_wizard.text.sanitize import visible

REFS = "refs/modal-wizard/backup/"
FOLDER = "backups.git"
_LOCAL = {"GIT_ALLOW_PROTOCOL": "file"}
_NOTHING_RUN = ("-c", "core.alternateRefsCommand=true", "-c", "gc.auto=0", "-c", "maintenance.auto=false")
"""What the settings of a repository of backups that came with the person's could have a fetch run."""
_ABOUT = "backup"
_NOTED = "noted-"
"""How the names of files begin that hold what is yet to be noted in a backup."""


class GitBackups:
    """Originals in git's object store."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._kept: dict[str, tuple[bytes, Backup]] = {}
        """What this run has kept, with what its ref names; only where git keeps that in a file of its own."""
        self.damaged: list[str] = []
        self.is_followed = False
        """Whether more will be kept soon: what is to be noted is noted with that, or by `finish`."""
        self._due: tuple[str, str, Mapping[str, bytes]] | None = None

    @cached_property
    def folder(self) -> Path:
        """The repository that they are kept in; the same for all work trees of one repository."""
        common = self._git.ask("rev-parse", "--git-common-dir").text
        return (self._git.root / common).resolve() / "modal-wizard" / FOLDER

    @cached_property
    def tree(self) -> str:
        """By what the backups of this work tree are told from those of others of the same repository."""
        return os.path.relpath(self._git.state_folder.parent.resolve(), self.folder.parent.parent)

    def keep(self, changes: Sequence[FileChange], about: str = "") -> None:
        """Keep the originals; raises `RepositoryProblem`, and nothing is written then."""
        self._prepare()
        run, known = run_for(changes, self._begun_as)
        if self._due is not None and known is not None and _ends_in(known, self._due[0]):
            known, self._due = with_commit(known, *self._due), None
        self.finish()
        fresh = [change for change in changes if known is None or change.path not in known.written]
        number = known.number if known is not None else next_number(self.all())
        now = with_changes(known or Backup(run, number=number, tree=self.tree), changes, about)
        lines = self._begun(REFS + run, now, known)
        for change in fresh:
            mode = b"100755" if _is_executable(self._git.root / change.path) else b"100644"
            lines.append(b"M %s inline %s" % (mode, _quoted(change.path)))
            lines.append(b"data %d\n%s" % (len(change.before), change.before))
        self._import(lines, now)

    def note(self, about: str, commit: str, texts: Mapping[str, bytes]) -> None:
        """Note the commit that what was kept about something went into; raises `RepositoryProblem`.

        ``texts`` are files that hooks have rewritten in it.
        """
        self.finish()
        self._due = about, commit, texts
        if texts or not self.is_followed:  # by what hooks made of a file it is known again
            self.finish()
        elif (known := self._latest(about)) is not None:
            with contextlib.suppress(OSError):
                write_signed(self._put_off(known.run), {"about": about, "commit": commit})

    def finish(self) -> None:
        """Note what was put off; raises `RepositoryProblem`."""
        if self._due is None:
            return
        due, self._due = self._due, None
        if (known := self._latest(due[0])) is not None:
            now = with_commit(known, *due)
            self._import(self._begun(REFS + known.run, now, known), now)

    def _latest(self, about: str) -> Backup | None:
        """Return the latest backup of this run that has a part about something."""
        begun = [each for _, each in runs(self._begun_as) if each is not None]
        return next((each for each in reversed(begun) if any(part.about == about for part in each.parts)), None)

    def _put_off(self, run: str) -> Path:
        """Return the file with what is yet to be noted in a backup, should a kill keep us from it."""
        return self.folder.with_name(f"{_NOTED}{run}")

    def _with_put_off(self, backup: Backup) -> Backup:
        """Return a backup with what a killed run had yet to note in it."""
        try:
            noted = read_signed(self._put_off(backup.run))
        except (OSError, ValueError):
            return backup
        if not isinstance(noted, dict) or not _ends_in(backup, noted["about"]):
            return backup
        return with_commit(backup, noted["about"], noted["commit"], {})

    def _take_up(self) -> None:
        """Note in backups what killed runs had yet to note."""
        for place in self.folder.parent.glob(f"{_NOTED}*"):
            known = self._read(REFS + place.name.removeprefix(_NOTED))
            if known is not None and known.is_ours:
                self._import(self._begun(REFS + known.run, known, known), known)
                del self._kept[known.run]

    def _begun_as(self, run: str) -> Backup | None:
        """Return a backup of this run: as it is known, unless somebody changed it since."""
        name, (known_name, known) = self._named(REFS + run), self._kept.get(run, (b"", None))
        if name and name == known_name:
            return known
        if not name and self._kept and not (self.folder / "packed-refs").exists():
            return None
        return self._read(REFS + run)

    def all(self) -> list[Backup]:
        """Return what is kept, newest first."""
        self.damaged.clear()
        return newest_first([*self._listed(own=True), *self._listed(own=False)])

    def original(self, backup: Backup, path: str) -> Original:
        """Return one file as it was."""
        own, files = self._files(REFS + backup.run)
        mode, name = files[path]
        where = ("--git-dir", str(self.folder)) if own else ()
        data = check_ok(self._git.ask_once(*where, "cat-file", "blob", name), "read a backup").out
        return Original(data, mode == "100755")

    def _files(self, ref: str) -> tuple[bool, dict[str, tuple[str, str]]]:
        """Return whether a backup is in our own repository, and the mode and name of each of its files, by path."""
        listed = self._ask("ls-tree", "-r", "-z", ref).fields
        fields = listed or self._ask("ls-tree", "-r", "-z", ref, own=False).fields
        parted = (field.split("\t", 1) for field in fields)
        return bool(listed), {path: (about.split(" ")[0], about.split(" ")[2]) for about, path in parted}

    def _ask(self, *arguments: str, own: bool = True, given: bytes = b"") -> Completed:
        where = ("--git-dir", str(self.folder)) if own else ()
        if own and (not (self.folder / "HEAD").exists() or self._leads_elsewhere):
            return Completed(128, b"", "nothing is kept yet")
        return self._git.ask(*where, *arguments, given=given)

    @cached_property
    def _leads_elsewhere(self) -> str:
        """What of the repository leads out of it, so that another one would get what is kept; empty where nothing does.

        One that came in an archive may hold links, or name another repository as git's work trees do.
        """
        for name in ("commondir", "objects/info/alternates"):
            if os.path.lexists(self.folder / name):
                return name
        if self.folder.is_symlink():
            return FOLDER
        return next((os.path.relpath(link, self.folder) for link in _links(self.folder)), "")

    def _prepare(self) -> None:
        """Make the repository, and move into it what older versions kept elsewhere."""
        own_folder(self.folder.parent)
        if self._leads_elsewhere:
            raise RepositoryProblem(
                f"The originals cannot be kept in {visible(str(self.folder))}: {visible(self._leads_elsewhere)} leads "
                "out of it. Nothing was written.",
                "It may have come with the repository: move it away, then try again.",
            )
        if self._kept and all(self._named(REFS + run) == name for run, (name, _) in self._kept.items()):
            return
        self._take_up()
        if self._ask("rev-parse", "--git-dir").status != 0:
            check_ok(self._git.ask("init", "--quiet", "--bare", "--template=", str(self.folder)), "keep the originals")
        old = [REFS + backup.run for backup in self._listed(own=False)]
        if old:
            fetched = self._git.ask(
                *_NOTHING_RUN,
                *("--git-dir", str(self.folder), "fetch", "--quiet", "--no-tags"),
                *("--upload-pack", "git-upload-pack", str(self._git.root)),
                *(f"{ref}:{ref}" for ref in old),
                env=_LOCAL,
            )
            if fetched.status == 0:
                given = "".join(f"delete {ref}\n" for ref in old).encode()
                self._git.act("update-ref", "--stdin", given=given)

    def _listed(self, *, own: bool) -> Iterator[Backup]:
        told = self._ask("for-each-ref", "--format=%(refname)%00%(contents)%00", REFS, own=own)
        parts = iter(os.fsdecode(told.out).split("\0")) if told.status == 0 else iter(())
        texts = {ref.strip(): text for ref, text in zip(parts, parts, strict=False)}
        one_is_damaged = told.status != 0
        names = self._ask("for-each-ref", "--format=%(refname)", REFS, own=own).text.split() if one_is_damaged else ()
        for ref in names or texts:
            backup = self._told(ref, texts[ref]) if ref in texts else self._read(ref, own=own)
            if backup is not None:
                yield backup
            elif ref not in texts and self._ask("cat-file", "-e", ref, own=own).status != 0:
                self.damaged.append(ref.removeprefix(REFS))

    def _begun(self, ref: str, backup: Backup, known: Backup | None) -> list[bytes]:
        """Return the head of a commit for ``git fast-import``."""
        record = record_of(backup)
        signed = signature(_ABOUT, json.dumps(record).encode())
        message = json.dumps({"modal-wizard backup": record, "signed": signed}).encode()
        who = f"committer modal-wizard <modal-wizard> {int(time.time())} +0000".encode()
        lines = [b"commit " + ref.encode(), who, b"data %d\n%s" % (len(message), message)]
        return lines + [b"from " + ref.encode() + b"^0"] * (known is not None)

    def _import(self, lines: Sequence[bytes], now: Backup) -> None:
        given = b"\n".join([*lines, b"done\n"])
        self._kept.pop(now.run, None)
        answer = self._ask("-c", "fastimport.unpackLimit=0", "fast-import", "--quiet", given=given)
        if answer.status != 0:
            self._sweep()
        check_ok(answer, "keep the originals")
        self._put_off(now.run).unlink(missing_ok=True)
        if name := self._named(REFS + now.run):
            self._kept[now.run] = name, replace(now, is_ours=True)

    def _sweep(self) -> None:
        """Remove what an import leaves that failed: on a full disk it takes room, and stands in the next one's way."""
        packs = self.folder / "objects" / "pack"
        if not any(place.is_symlink() for place in (packs, packs.parent)):
            for left in (*packs.glob("*.keep"), *packs.glob("tmp_*"), *self.folder.glob("fast_import_crash_*")):
                with contextlib.suppress(OSError):
                    left.unlink()

    def _named(self, ref: str) -> bytes:
        """Return what a ref names, from git's own file; empty where git keeps that in a way of its own."""
        try:
            return read_own(self.folder / ref) or b""
        except OSError:
            return b""

    def _read(self, ref: str, *, own: bool = True) -> Backup | None:
        """Return a backup; ``None`` for what is none of ours."""
        answer = self._ask("cat-file", "commit", ref, own=own)
        return self._told(ref, os.fsdecode(answer.out.partition(b"\n\n")[2])) if answer.status == 0 else None

    def _told(self, ref: str, text: str) -> Backup | None:
        """Return a backup as the message of its commit has it; ``None`` for what is none of ours."""
        try:
            said = json.loads(text)
            record = said["modal-wizard backup"]
            ours = is_signed(_ABOUT, json.dumps(record).encode(), str(said.get("signed", "")))
            return self._with_put_off(replace(backup_of(ref.removeprefix(REFS), record), is_ours=ours))
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


def _links(folder: str | Path) -> Iterator[str]:
    """Yield the links in a folder and in those below it; none where it is not there."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_symlink():
                yield entry.path
            elif entry.is_dir(follow_symlinks=False):
                yield from _links(entry.path)


def _ends_in(backup: Backup, about: str) -> bool:
    """Tell whether what a backup got last is about something, and was not noted to be in a commit."""
    return [(part.about, part.commit) for part in backup.parts[-1:]] == [(about, "")]


def _quoted(path: str) -> bytes:
    escaped = os.fsencode(path).replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + escaped + b'"'
