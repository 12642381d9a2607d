"""Originals of what a run writes, kept in git's object store under a ref of our own."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence

from modal_wizard.files.backup import Backup, Original, _is_executable, digest, this_run
from modal_wizard.files.change import FileChange
from modal_wizard.git.command import Git, check_ok

REFS = "refs/modal-wizard/backup/"


class GitBackups:
    """Originals in git's object store."""

    def __init__(self, git: Git) -> None:
        self._git = git

    def keep(self, changes: Sequence[FileChange]) -> None:
        """Keep the originals; raises `RepositoryProblem`, and nothing is written then."""
        ref = REFS + this_run()
        known = self._written(ref)
        fresh = [change for change in changes if change.path not in (known or {})]
        written = {**(known or {}), **{change.path: digest(change.after) for change in changes}}
        message = json.dumps({"modal-wizard backup": written}).encode()
        lines = [b"commit " + ref.encode(), f"committer modal-wizard <modal-wizard> {int(time.time())} +0000".encode()]
        lines.append(b"data %d\n%s" % (len(message), message))
        lines += [b"from " + ref.encode() + b"^0"] * (known is not None)
        for change in fresh:
            mode = b"100755" if _is_executable(self._git.root / change.path) else b"100644"
            lines.append(b"M %s inline %s" % (mode, _quoted(change.path)))
            lines.append(b"data %d\n%s" % (len(change.before), change.before))
        check_ok(self._git.ask("fast-import", "--quiet", given=b"\n".join([*lines, b"done\n"])), "keep the originals")

    def all(self) -> list[Backup]:
        """Return what is kept, newest first."""
        refs = self._git.ask("for-each-ref", "--format=%(refname)", REFS).text.split()
        return [Backup(ref.removeprefix(REFS), self._written(ref) or {}) for ref in sorted(refs, reverse=True)]

    def original(self, backup: Backup, path: str) -> Original:
        """Return one file as it was."""
        listed = self._git.ask("ls-tree", "-z", REFS + backup.run, "--", path).fields
        if not listed:
            raise KeyError(path)
        mode, _, name = listed[0].partition("\t")[0].split(" ")
        data = check_ok(self._git.ask("cat-file", "blob", name), "read a backup").out
        return Original(data, mode == "100755")

    def _written(self, ref: str) -> dict[str, str] | None:
        answer = self._git.ask("cat-file", "commit", ref)
        if answer.status != 0:
            return None
        try:
            record = json.loads(answer.out.partition(b"\n\n")[2])["modal-wizard backup"]
            return {str(path): str(name) for path, name in record.items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            return {}


def _quoted(path: str) -> bytes:
    escaped = os.fsencode(path).replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + escaped + b'"'
