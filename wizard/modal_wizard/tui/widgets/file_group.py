"""Findings put together by their file, as the tree of the review shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from modal_transforms.core.model import Finding
from modal_wizard.text.sanitize import visible


class FileGroup(Struct):
    """A file and its findings, in order."""

    path: str
    findings: list[Finding]
    expanded: bool = True
    above: tuple[str, ...] = ()
    """Folders that begin with this file, outermost first, each with its indent; their lines are above the file's."""
    depth: int = 0
    """In how many folders that have a line it is."""

    @property
    def height(self) -> int:
        """How many rows it takes."""
        return len(self.above) + 1 + (len(self.findings) if self.expanded else 0)

    @property
    def name(self) -> str:
        """What its own line says: below a folder's line, without the folder."""
        return self.path.rpartition("/")[2] if self.depth else self.path


def in_folders(groups: Sequence[FileGroup], several: bool) -> None:
    """Put files below their folders, where there are ``several``; folders that hold one folder only share its line."""
    folders = {tuple(group.path.split("/")[:-1]) for group in groups} if several else set()
    below: dict[tuple[str, ...], set[str]] = {}
    for folder in folders:
        for end in range(len(folder)):
            below.setdefault(folder[:end], set()).add(folder[end])
    lines = {at for at in (*below, *folders) if at and (at in folders or len(below.get(at, ())) > 1)}
    before: list[tuple[str, ...]] = []
    for group in groups:
        folder = tuple(group.path.split("/")[:-1])
        own = [folder[:end] for end in range(1, len(folder) + 1) if folder[:end] in lines]
        group.depth = len(own)
        group.above = tuple(_folder_line(own, level) for level in range(len(own)) if own[level] not in before)
        before = own


def _folder_line(own: Sequence[tuple[str, ...]], level: int) -> str:
    parts = own[level][len(own[level - 1]) if level else 0 :]
    return f"{'  ' * level}{'/'.join(parts)}/"


def grouped(findings: Iterable[Finding]) -> list[FileGroup]:
    """Return the files of findings, by path."""
    files: dict[str, FileGroup] = {}
    for finding in findings:
        path = finding.site.path
        if path not in files:
            files[path] = FileGroup(path, [])
        files[path].findings.append(finding)
    return [files[path] for path in sorted(files)]


def name_of(finding: Finding) -> str:
    """Return a finding's place and the first line of its code."""
    first = finding.site.text.strip().split("\n")[0]
    return f"{finding.site.label} {visible(first, ' ')}"
