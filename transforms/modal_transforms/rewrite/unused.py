"""Take variables and imports of local names out that nothing reads any more once a file is rewritten."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from msgspec import Struct

from modal_transforms.analysis.index import Index
from modal_transforms.core.changes import Change, DropIfUnused, Span
from modal_transforms.core.patches import Patch, map_offset
from modal_transforms.core.source import SourceFile
from modal_transforms.rewrite.import_names import change_names
from modal_transforms.rewrite.statements import remove_statement, statement_at


class _Candidate(Struct, frozen=True):
    """A statement that may go, or the one name of an import that may."""

    name: str
    statement: ast.stmt
    comments: int | None = None
    """Where comment lines begin that go with it."""
    beside: bool = False
    """Tell whether the comment beside it goes as well."""

    @property
    def aliases(self) -> set[ast.alias]:
        """The import's names that bind the name."""
        if not isinstance(self.statement, (ast.Import, ast.ImportFrom)):
            return set()
        return {alias for alias in self.statement.names if (alias.asname or alias.name) == self.name}


def drop_unused(source: SourceFile, index: Index, changes: Iterable[Change], first: Sequence[Patch]) -> list[Patch]:
    """Return the patches of a rewritten file that take out what nothing reads now.

    Offsets of the changes count in the text before the patches ``first`` were applied. A variable that only another
    one reads goes with it.
    """
    candidates = [_candidate(source, index, change, first) for change in changes if isinstance(change, DropIfUnused)]
    going: list[_Candidate] = []
    waiting = [candidate for candidate in candidates if candidate is not None]
    while waiting:
        unread = [candidate for candidate in waiting if not _is_read(index, candidate, going)]
        if not unread:
            break
        going += unread
        waiting = [candidate for candidate in waiting if candidate not in unread]
    made: list[Patch] = []
    for statement in dict.fromkeys(candidate.statement for candidate in going):
        made += _without(source, index, statement, [each for each in going if each.statement is statement])
    return made


def _candidate(source: SourceFile, index: Index, change: DropIfUnused, first: Sequence[Patch]) -> _Candidate | None:
    start, end = map_offset(first, change.statement.start), map_offset(first, change.statement.end)
    if start is None or end is None:
        return None
    comments = map_offset(first, change.comments.start) if change.comments is not None else None
    beside = change.comments is not None and change.comments.end > change.statement.end
    return _Candidate(change.name, statement_at(source, index, Span(start, end)), comments, beside)


def _is_read(index: Index, candidate: _Candidate, going: list[_Candidate]) -> bool:
    if candidate.name in _exported(index):
        return True
    gone = {each.statement for each in [*going, candidate] if not each.aliases}
    return any(
        node.id == candidate.name and isinstance(node.ctx, ast.Load) and gone.isdisjoint(index.ancestors(node))
        for node in index.names
    )


def _exported(index: Index) -> set[object]:
    """Return what a file names in its ``__all__``, and so gives to ``import *``."""
    said = (binding.value for binding in index.module.bindings.get("__all__", []))
    lists = [value for value in said if isinstance(value, (ast.List, ast.Tuple))]
    return {entry.value for each in lists for entry in each.elts if isinstance(entry, ast.Constant)}


def _without(source: SourceFile, index: Index, statement: ast.stmt, going: list[_Candidate]) -> list[Patch]:
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        aliases = {alias for candidate in going for alias in candidate.aliases}
        if len(aliases) < len(statement.names):
            return change_names(source, statement, aliases, [])
    comments = next((each.comments for each in going if each.comments is not None), None)
    return remove_statement(source, index, statement, comments, any(each.beside for each in going))
