"""The ways to write a call of the old file API anew."""

from __future__ import annotations

import ast

from modal_transforms.analysis.calls import argument, keyword, keyword_name
from modal_transforms.analysis.comments import comments
from modal_transforms.core.model import AddArgument, Change, Choice, RemoveArgument, Replace, Span
from modal_transforms.modal_api.lookups.tokens import Method
from modal_transforms.sections.sandbox_files.handle import Work, new_method

_SINCE = "1.4.0"
_NEEDS = f"Needs modal {_SINCE} or newer."
_BINDS_TIGHTER = (ast.Attribute, ast.Subscript, ast.Call)


def renaming(found: Method, new: str) -> list[Change]:
    """Return the changes that call ``filesystem.new``, with the path by its new name."""
    module, name, path = found.module, found.name, keyword(found.call, "path")
    assert name is not None
    changes: list[Change] = [Replace(module.source.path, name, f"filesystem.{new}")]
    if path is not None:
        changes.append(Replace(module.source.path, keyword_name(module, path), "remote_path"))
    return changes


def named(found: Method, position: int, old: str, new: str) -> list[Change]:
    """Return the changes that give an argument by its new name, which is the only way now."""
    source = found.module.source
    if position < len(found.call.args):
        place = source.span(found.call.args[position])
        return [Replace(source.path, Span(place.start, place.start), f"{new}=")]
    item = keyword(found.call, old)
    return [Replace(source.path, keyword_name(found.module, item), new)] if item is not None and old != new else []


def without(found: Method, position: int, name: str) -> Change:
    """Return the change that takes an argument out, however it is given."""
    source, item = found.module.source, keyword(found.call, name)
    given: ast.keyword | ast.expr = item if item is not None else found.call.args[position]
    return RemoveArgument(source.path, source.span(found.call), source.span(given))


def listing(found: Method) -> tuple[Choice, ...]:
    """Return the choices for ``ls``, which gave names."""
    source, whole = found.module.source, found.module.source.span(found.whole)
    made = renaming(found, "list_files")
    names = (
        Replace(source.path, Span(whole.start, whole.start), "[entry.name for entry in "),
        *made,
        Replace(source.path, Span(whole.end, whole.end), "]"),
    )
    return (
        Choice("names", "list_files, and the name of each", f"The names, as before. {_NEEDS}", names, needs=_SINCE),
        Choice(
            "entries",
            "list_files only",
            f"FileInfo objects instead of names: name, path, type, size. {_NEEDS}",
            tuple(made),
            needs=_SINCE,
        ),
    )


def making(found: Method) -> tuple[Choice, ...]:
    """Return the choices for ``mkdir``, which made no parents unless told so."""
    source = found.module.source
    parents, made = argument(found.call, 1, "parents"), renaming(found, "make_directory")
    effect = f"The same directory; what is there already is no error. {_NEEDS}"
    if isinstance(parents, ast.Constant) and parents.value is True:
        return (Choice("make", "make_directory", effect, (*made, without(found, 1, "parents")), needs=_SINCE),)
    if parents is not None:
        changes = (*made, *named(found, 1, "parents", "create_parents"))
        return (Choice("make", "make_directory(create_parents=…)", f"As before. {_NEEDS}", changes, needs=_SINCE),)
    strict = (*made, AddArgument(source.path, source.span(found.call), "create_parents=False"))
    return (
        Choice(
            "make",
            "make_directory(create_parents=False)",
            f"As before: no parents are made. {_NEEDS}",
            strict,
            needs=_SINCE,
        ),
        Choice("parents", "make_directory, with parents", effect, tuple(made), needs=_SINCE),
    )


def removing(found: Method) -> tuple[Choice, ...]:
    """Return the choice for ``rm``."""
    changes = (*renaming(found, "remove"), *named(found, 1, "recursive", "recursive"))
    return (Choice("remove", "remove", f"The same. {_NEEDS}", changes, needs=_SINCE),)


def watching(found: Method) -> tuple[Choice, ...]:
    """Return the choice for ``watch``, whose options can only be named now."""
    changes = renaming(found, "watch")
    for position, name in enumerate(("filter", "recursive", "timeout"), 1):
        changes += named(found, position, name, name)
    effect = f"The same events; a time-out ends the loop without an error. {_NEEDS}"
    return (Choice("watch", "filesystem.watch", effect, tuple(changes), needs=_SINCE),)


def whole_file(found: Method, work: Work) -> tuple[Choice, ...]:
    """Return the choice for a file that is opened to be read or written once; none where that is not the same."""
    module, source, new = found.module, found.module.source, new_method(found, work)
    path, place = argument(found.call, 0, "path"), source.span(work.call)
    opened = source.span(found.whole)
    if new is None or path is None:
        return ()
    if any(span.start <= at < span.end for at, _ in comments(source) for span in (place, opened)):
        return ()
    receiver = source.written(found.attribute.value)
    given = [work.data, path] if work.what == "write" else [path]
    texts = ", ".join(source.written(each) for each in given if each is not None)
    is_aio = found.is_aio or work.is_aio
    text = f"{receiver}.filesystem.{new}{'.aio' * is_aio}({texts})"
    parent = module.index.parents[work.call]
    if is_aio and not isinstance(parent, ast.Await):
        text = f"await {text}"
        text = f"({text})" if isinstance(parent, _BINDS_TIGHTER) or work.what == "readlines" else text
    text += ".splitlines(keepends=True)" if work.what == "readlines" else ""
    effect = f"The whole file is {'written' if work.what == 'write' else 'read'} at once. {_NEEDS}"
    rest = [each for each in work.rest if not (isinstance(each, Replace) and place.contains(each.span))]
    return (Choice("whole", new, effect, (*rest, Replace(source.path, place, text)), needs=_SINCE),)
