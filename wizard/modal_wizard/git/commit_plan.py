"""What a commit may hold of each file: the whole of it, only our patches on what HEAD has, or nothing."""

from __future__ import annotations

import ast
import builtins
import enum
import hashlib
from collections.abc import Iterator, Sequence

from msgspec import Struct

from modal_transforms.analysis.parse import ParseFailure, parse
from modal_transforms.core.patches import Patch, apply, line_patches
from modal_transforms.core.source import Unreadable
from modal_transforms.formats import open_source
from modal_wizard.files.change import FileChange
from modal_wizard.git.blobs import Blob
from modal_wizard.git.command import Git, check_ok
from modal_wizard.git.merge import rebase_patches
from modal_wizard.git.status import FileStatus
from modal_wizard.text.sanitize import visible


class Inclusion(enum.Enum):
    """How a file goes into a commit."""

    WHOLE = "as it is"
    PART = "our patches only"
    LEFT = "not at all"


class FilePlan(Struct, frozen=True):
    """How one file goes into a commit, and what the person's index has afterwards."""

    change: FileChange
    how: Inclusion
    head: Blob | None = None
    index: Blob | None = None
    content: bytes = b""
    """For a part: what the commit has, as git keeps it."""
    staged: bytes | None = None
    """For a part that the person had staged otherwise than HEAD: the staged text with our patches."""
    name: str | None = None
    """For the whole: what git would call it, where that was asked."""


class Objects:
    """The versions of files that git keeps, and what it makes of a text before it keeps it."""

    def __init__(self, git: Git) -> None:
        self._git = git

    def read(self, blob: Blob) -> bytes:
        """Return what git keeps under a blob."""
        return check_ok(self._git.ask("cat-file", "blob", blob.sha), "read a file's committed text").out

    def write(self, data: bytes) -> str:
        """Keep a text as it is; returns its name."""
        return check_ok(self._git.act("hash-object", "-w", "--no-filters", "--stdin", given=data), "keep a text").text

    def holds(self, blob: Blob, path: str, data: bytes) -> bool:
        """Tell whether the file with these bytes is what git keeps under the blob."""
        return blob.sha == _name(data, blob) or blob.sha == self.name(path, data)

    def converted(self, path: str, data: bytes, like: bytes) -> bytes:
        """Return what git keeps for a file with these bytes, after line ends and clean filters.

        ``like`` is what it keeps now: line ends that were committed as CRLF stay so under ``core.autocrlf``.
        """
        name = self.name(path, data)
        if name == _name(data, Blob("", name)):
            return data
        check_ok(self._git.act("hash-object", "-w", f"--path={path}", "--stdin", given=data), "keep a text")
        kept = self.read(Blob("", name))
        return data if b"\r\n" in like and b"\r\n" not in kept else kept

    def name(self, path: str, data: bytes) -> str:
        """Return the name of what git keeps for a file with these bytes."""
        answer = self._git.act("hash-object", f"--path={path}", "--stdin", given=data)
        return check_ok(answer, f"run its filters over {visible(path)}").text


def plan(objects: Objects, change: FileChange, seen: FileStatus) -> FilePlan:
    """Return how a file goes into a commit; raises `Collision` where our lines and the person's overlap.

    Raises `Unsound` where ours make no sense without the person's.
    """
    line = seen.line
    if not seen.state.in_commits:
        return FilePlan(change, Inclusion.LEFT)
    if line is None or line.head is None or line.index is None:
        return FilePlan(change, Inclusion.WHOLE)
    unstaged = line.head == line.index
    if unstaged and line.work_mode == line.index.mode and objects.holds(line.index, change.path, change.before):
        return FilePlan(change, Inclusion.WHOLE, line.head, line.index, name=seen.name)
    if objects.holds(line.index, change.path, change.after) and objects.holds(line.head, change.path, change.before):
        return FilePlan(change, Inclusion.WHOLE, line.head, line.index)  # a check has staged what we wrote
    head = objects.read(line.head)
    source, patches = _as_kept(objects, change, head)
    content = apply(head, rebase_patches(source, head, patches))
    check_sound(change.path, head, content, "the committed version")
    if unstaged:
        return FilePlan(change, Inclusion.PART, line.head, line.index, content)
    kept = objects.read(line.index)
    staged = apply(kept, rebase_patches(source, kept, patches))
    check_sound(change.path, kept, staged, "the staged version")
    return FilePlan(change, Inclusion.PART, line.head, line.index, content, staged)


def _as_kept(objects: Objects, change: FileChange, like: bytes) -> tuple[bytes, Sequence[Patch]]:
    """Return a change's old bytes and its patches in the form in which git keeps the file."""
    before = objects.converted(change.path, change.before, like)
    after = objects.converted(change.path, change.after, like)
    if before == change.before and after == change.after:
        return before, change.patches
    return before, line_patches(before, after)


def _name(data: bytes, like: Blob) -> str:
    digest = hashlib.sha256 if len(like.sha) == 64 else hashlib.sha1
    return digest(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


_KNOWN = frozenset(dir(builtins)) | {"__file__", "__path__"}


class Unsound(Exception):
    """A file that cannot be committed without the person's own lines; the message says why."""


def check_sound(path: str, base: bytes, held: bytes, what: str) -> None:
    """Raise `Unsound` when ``base`` (such as HEAD's version) is a program and ``held``, with our changes, is none."""
    before, fault = _tree(path, base)
    if before is None:
        return
    after, fault = _tree(path, held)
    if after is None:
        raise Unsound(f"without your own uncommitted lines {what} would not be Python any more ({fault})")
    missing = sorted(_unbound(after) - _unbound(before))
    if missing:
        raise Unsound(f"our change needs {', '.join(missing)}, which only your own uncommitted lines give {what}")


def _tree(path: str, data: bytes) -> tuple[ast.Module | None, str]:
    try:
        return parse(open_source(path, data)).tree, ""
    except (ParseFailure, Unreadable) as error:
        return None, str(error)


def _unbound(tree: ast.Module) -> set[str]:
    """Return the names that a program reads and nothing in it binds; none where it imports everything of a module."""
    nodes = list(ast.walk(tree))
    if any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in nodes):
        return set()
    read = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return read - _KNOWN - {name for node in nodes for name in _bound(node)}


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest
