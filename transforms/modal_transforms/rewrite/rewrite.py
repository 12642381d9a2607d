"""From changes to edits: lower what choices ask for to byte patches, then bring imports up to date.

All changes of a file that are taken together are lowered together, from the same text: the order in which they were
accepted makes no difference, and clean-up (an import that nothing uses any more) follows the set.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from modal_transforms.analysis.index import Index, indexed
from modal_transforms.analysis.parse import ParseFailure
from modal_transforms.core import patches
from modal_transforms.core.changes import CannotRewrite
from modal_transforms.core.model import (
    AddArgument,
    AddLine,
    Change,
    DropImport,
    Edit,
    Extend,
    ExtendArgument,
    NeedImport,
    NeedName,
    RemoveArgument,
    RemoveStatement,
    Replace,
    Span,
    fill,
)
from modal_transforms.core.patches import Overlap, Patch
from modal_transforms.core.patterns import pattern
from modal_transforms.core.source import SourceFile, Unreadable
from modal_transforms.rewrite.arguments import change_arguments
from modal_transforms.rewrite.fit_lines import fit_lines
from modal_transforms.rewrite.imports import import_modules, tidy
from modal_transforms.rewrite.statements import add_line, remove_statement, statement_at
from modal_transforms.rewrite.unused import drop_unused

__all__ = ["CannotRewrite", "Rewritten", "fill", "rewrite", "rewrite_all"]

_DICT = pattern(r"(\w+)=\{(.+)\}", re.DOTALL)


class Rewritten(Struct, frozen=True):
    """One file after a set of changes: before, after, and the patches of its data between them."""

    before: SourceFile
    after: SourceFile
    patches: tuple[Patch, ...]

    @property
    def raw_patches(self) -> tuple[Patch, ...]:
        """The patches of the bytes on disk."""
        return tuple(self.before.lifted(self.patches))

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The patches of the bytes on disk as edits with text."""
        encoding = self.before.encoding.removesuffix("-sig")
        return tuple(Edit(self.before.path, p.start, p.end, p.data.decode(encoding)) for p in self.raw_patches)


def rewrite_all(sources: Mapping[str, SourceFile], changes: Iterable[Change]) -> dict[str, Rewritten]:
    """Rewrite every file that the changes name; raises `CannotRewrite` when one of them cannot be."""
    by_path: dict[str, list[Change]] = {}
    for change in changes:
        by_path.setdefault(change.path, []).append(change)
    return {path: rewrite(sources[path], wanted) for path, wanted in by_path.items()}


def rewrite(source: SourceFile, changes: Iterable[Change], extra: Iterable[Patch] = ()) -> Rewritten:
    """Return a file with a set of changes made, and imports tidied; raises `CannotRewrite`.

    ``extra`` are patches of the same bytes that a person typed. The result parses, by the parser that read the file.
    """
    wanted = list(dict.fromkeys(changes))
    try:
        before = indexed(source)
        first = patches.in_order([*_lower(source, before, wanted), *extra])
        middle = source.changed(patches.apply(source.data, first))
        dropped = drop_unused(middle, indexed(middle), wanted, first)
        first = patches.compose(len(source.data), first, dropped)
        middle = source.changed(patches.apply(source.data, first))
        first = patches.compose(len(source.data), first, fit_lines(source, middle, wanted, first))
        middle = source.changed(patches.apply(source.data, first))
        second = _clean_up(before, middle, indexed(middle), wanted)
        final = patches.compose(len(source.data), first, second)
        after = source.changed(patches.apply(source.data, final))
        _check_keywords(before, indexed(after))
        source.lifted(final)
    except Overlap as error:
        raise CannotRewrite(str(error)) from None
    except (ParseFailure, Unreadable) as error:
        raise CannotRewrite(f"the result would not parse: {error}") from None
    except UnicodeEncodeError as error:
        raise CannotRewrite(f"it cannot be written in {error.encoding}, the encoding of the file") from None
    except CannotRewrite:
        raise
    except Exception as error:  # a fault of ours in one rewrite must not end the others
        raise CannotRewrite(f"making it failed, by a fault of ours: {type(error).__name__}: {error}") from error
    return Rewritten(source, after, tuple(final))


def _check_keywords(before: Index, after: Index) -> None:
    """Refuse a result that gives a call one keyword twice, which parses and yet is no program."""
    repeated = _repeated(after.calls) - _repeated(before.calls)
    if repeated:
        raise CannotRewrite(f"a call would be given {', '.join(sorted(repeated))} twice")


def _repeated(several: Iterable[ast.Call]) -> set[str]:
    calls = ([item.arg for item in call.keywords if item.arg] for call in several)
    return {name for names in calls if len(set(names)) < len(names) for name in names if names.count(name) > 1}


def _lower(source: SourceFile, index: Index, changes: list[Change]) -> list[Patch]:
    made: list[Patch] = []
    removed: dict[Span, set[Span]] = {}
    added: dict[Span, list[str]] = {}
    taken: set[Span] = set()
    made += _lower_extensions(source, changes)
    for change in _merge_arguments(changes):
        if isinstance(change, Replace):
            made.append(Patch(change.span.start, change.span.end, source.encode(change.text)))
        elif isinstance(change, RemoveArgument):
            removed.setdefault(change.call, set()).add(change.argument)
            taken.update(change.comments)
        elif isinstance(change, AddArgument):
            added.setdefault(change.call, []).append(change.text)
        elif isinstance(change, AddLine):
            made.append(add_line(source, change.anchor, change.text, change.before))
        elif isinstance(change, RemoveStatement):
            made += remove_statement(source, index, statement_at(source, index, change.statement))
    for call in dict.fromkeys([*removed, *added]):
        made += change_arguments(source, call, removed.get(call, set()), _one_dict(added.get(call, [])), taken, made)
    return made


def _clean_up(before: Index, middle: SourceFile, index: Index, changes: list[Change]) -> list[Patch]:
    """Return patches of the rewritten text: imports it needs, and imports that nothing reads now."""
    needed = {change.name for change in changes if isinstance(change, NeedName)}
    unwanted = frozenset(change.name for change in changes if isinstance(change, DropImport))
    modules = {change.module for change in changes if isinstance(change, NeedImport)}
    return [*import_modules(middle, index, modules), *tidy(before, middle, index, needed, unwanted)]


def _lower_extensions(source: SourceFile, changes: Iterable[Change]) -> list[Patch]:
    """Return the patches of all `Extend` changes: at one place in the order they were given, last ones last."""
    places: dict[int, list[Extend]] = {}
    for change in changes:
        if isinstance(change, Extend):
            places.setdefault(change.at, []).append(change)
    made: list[Patch] = []
    for at, group in places.items():
        wrapped = next((change.expression for change in group if change.wrap), None)
        made += [Patch(wrapped.start, wrapped.start, b"(")] if wrapped else []
        text = (")" if wrapped else "") + _joined(group)
        made.append(Patch(at, at, source.encode(text)))
    return made


def _merge_arguments(changes: Sequence[Change]) -> list[Change]:
    """Return the changes with all `ExtendArgument` of one argument made one `Replace` or `AddArgument`."""
    groups: dict[tuple[Span, str], list[ExtendArgument]] = {}
    for change in changes:
        if isinstance(change, ExtendArgument):
            groups.setdefault((change.call, change.name), []).append(change)
    result: list[Change] = []
    for change in changes:
        if not isinstance(change, ExtendArgument):
            result.append(change)
        elif change is _first(groups[change.call, change.name]):
            result.append(_argument(groups[change.call, change.name]))
    return result


def _first(group: list[ExtendArgument]) -> ExtendArgument | None:
    """Return the change that gives the argument; ``None`` when all are only for beside another."""
    return next((change for change in group if not change.beside), None)


def _one_dict(arguments: Iterable[str]) -> list[str]:
    """Return new arguments with those that give one keyword a dict made one: a call takes each keyword once."""
    result: dict[str, str] = {}
    for text in arguments:
        match = _DICT.fullmatch(text)
        name = match[1] if match else text
        if match and name in result:
            text = f"{result[name][:-1]}, {match[2]}}}"
        result[name] = text
    return list(result.values())


def _argument(group: list[ExtendArgument]) -> Change:
    first = _first(group) or group[0]
    start = f"{first.name}={first.base}"
    place = next((change.instead for change in group if change.instead is not None), None)
    text = start + _joined(group)
    return Replace(first.path, place, text) if place is not None else AddArgument(first.path, first.call, text)


def _joined(group: Sequence[Extend | ExtendArgument]) -> str:
    """Return the texts one after another; those that come last at the end."""
    return "".join(change.text for change in sorted(group, key=lambda each: each.last))
