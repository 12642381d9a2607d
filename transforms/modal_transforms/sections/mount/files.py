"""Translate the calls that add a directory or a file."""

from __future__ import annotations

import ast
from pathlib import PurePosixPath

from msgspec.structs import replace

from modal_transforms.analysis.calls import argument, keyword
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import is_none
from modal_transforms.analysis.paths import is_absolute, is_path_object, is_text, known_path, last_name
from modal_transforms.modal_api.ignore_predicates import ignore_from_condition
from modal_transforms.sections.mount.image_call import IGNORE_CHANGED, AddedFiles, quoted, written
from modal_transforms.sections.mount.mount_list import MountCall, NotPlain

_BY_CLASS = "until 0.49 the class itself was called: whether its files land there was not seen"
TOP_LEVEL = '["*/**"]'
"""Patterns that leave out everything below the folder itself."""


def local_argument(entry: MountCall) -> tuple[ast.expr, str]:
    """Return the local path and how it is written as an argument."""
    call, module = entry.given, entry.module
    node = argument(call, 0, "local_path")
    if node is None:
        raise NotPlain("a mount without a local path is no valid call")
    named = keyword(call, "local_path")
    return node, written(module, named) if named is not None and named.value is node else written(module, node)


def directory(entry: MountCall, reads: frozenset[str] = frozenset()) -> AddedFiles:
    """Translate ``from_local_dir``; ``reads`` are relative paths that the code opens."""
    module, call = entry.module, entry.given
    local, text = local_argument(entry)
    remote = keyword(call, "remote_path")
    doubts: list[str] = [_BY_CLASS] if entry.is_constructor else []
    others: list[tuple[str, AddedFiles]] = []
    if remote is None or is_none(remote.value):
        target = _default_target(module, local, doubts)
        shown = target.strip("\"'")
    else:
        target = _named(call, "remote_path", remote_text(module, remote.value, doubts))
        shown = known_path(module, remote.value) or ""
    filters = _filters(entry, doubts)
    addition = AddedFiles("add_local_dir", (text, target, *filters))
    name = PurePosixPath(shown).name
    if shown in {f"/{name}", name} and name in reads and not (remote is not None and shown.startswith("/")):
        doubts.append(f"the code opens {name} by a relative path, which is looked up in /root, not in /")
        moved = replace(addition, arguments=(text, quoted(f"/root/{name}"), *filters))
        others.append(("workdir", moved))
    return replace(addition, doubts=tuple(doubts), others=tuple(others))


def _named(call: ast.Call, name: str, text: str) -> str:
    return f"{name}={text}" if keyword(call, name) is not None else text


def _default_target(module: Module, local: ast.expr, doubts: list[str]) -> str:
    """Return the target of a mount that names none: the last part of its local path, below the root."""
    name = last_name(module, local)
    if name is not None:
        if name in {"", ".."}:
            doubts.append("without a remote path the files land in / itself")
        return quoted("/" + ("" if name == ".." else name))
    if not is_path_object(module, local):
        raise NotPlain("where the files land follows from a local path that is only known when the program runs")
    doubts.append("where the files land follows from a local path that is only known when the program runs")
    text = written(module, local)
    primary = isinstance(local, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
    return f'"/" + {text if primary else f"({text})"}.name'


def remote_text(module: Module, node: ast.expr, doubts: list[str]) -> str:
    """Return a remote path as an image takes it: the same place, said absolutely."""
    text = written(module, node)
    known = known_path(module, node)
    if known is not None:
        if ".." in PurePosixPath(known).parts:
            doubts.append(f"the remote path {known} has .. in it")
        if known.startswith("/"):
            return text
        if isinstance(node, ast.Constant):
            return quoted(str(PurePosixPath("/", known)), text[-1])
        return f'"/" + {f"str({text})" if is_path_object(module, node) else text}'
    if is_absolute(module, node) is None:
        doubts.append(f"1.x refuses a relative remote path, and what `{text}` is shows only at run time")
    return text


def _filters(entry: MountCall, doubts: list[str]) -> tuple[str, ...]:
    """Return the ``ignore=`` argument that stands for ``condition=`` and ``recursive=``."""
    module, call = entry.module, entry.given
    condition, recursive = keyword(call, "condition"), keyword(call, "recursive")
    ignore = None
    if condition is not None and not is_none(condition.value):
        ignore = ignore_from_condition(module, condition.value)
        if not ignore.sure:
            doubts.append(IGNORE_CHANGED)
    if recursive is None or (isinstance(recursive.value, ast.Constant) and recursive.value.value):
        return (f"ignore={ignore.text}",) if ignore else ()
    if not isinstance(recursive.value, ast.Constant):
        doubts.append("whether folders below are added shows only at run time")
        if ignore is not None:
            raise NotPlain("which files are added depends on a condition and on a value of recursive=")
        return (f"ignore=[] if {written(module, recursive.value)} else {TOP_LEVEL}",)
    if ignore is None:
        return (f"ignore={TOP_LEVEL}",)
    parameter, _, body = ignore.text.removeprefix("lambda ").partition(": ")
    doubts.append("the condition and recursive=False are one predicate now")
    return (f"ignore=lambda {parameter}: len({parameter}.parts) > 1 or {body}",)


def file(entry: MountCall) -> AddedFiles:
    """Translate ``from_local_file``."""
    module, call = entry.module, entry.given
    local, text = local_argument(entry)
    node = argument(call, 1, "remote_path")
    doubts: list[str] = []
    if entry.is_constructor:
        return AddedFiles("add_local_file", (text, f"remote_path={_folder(module, node)}"), (_BY_CLASS,))
    if node is None or is_none(node):
        return AddedFiles("add_local_file", (text, _default_target(module, local, doubts)), tuple(doubts))
    remote = remote_text(module, node, doubts)
    if is_path_object(module, node) and remote == written(module, node):
        remote = f"str({remote})"
    elif not is_text(module, node):
        doubts.append(f"a Path is no target for add_local_file: write str({remote}) if it is one")
    known = known_path(module, node)
    if known is None or not known.endswith("/") or not known.strip("/"):
        if known is None and isinstance(node, ast.JoinedStr) and _ends_open(node, local):
            doubts.append(f"where {remote} ends in /, it is now a folder for the file, not its name")
        return AddedFiles("add_local_file", (text, _named(call, "remote_path", remote)), tuple(doubts))
    doubts.append(f"the target {known} used to be the file itself; with the slash it is now a folder for the file")
    inside = AddedFiles("add_local_file", (text, _named(call, "remote_path", remote)))
    if not isinstance(node, ast.Constant):
        remote = f'{remote}.rstrip("/")'
    else:
        remote = quoted(str(PurePosixPath("/", known)), remote[-1])
    kept = AddedFiles("add_local_file", (text, _named(call, "remote_path", remote)), tuple(doubts))
    return replace(kept, others=(("inside", inside),))


def _folder(module: Module, node: ast.expr | None) -> str:
    """Return the folder that a file keeps its name in, as the target of a file."""
    known = known_path(module, node) if node is not None else None
    if known is None:
        raise NotPlain("where the file lands follows from a folder that is only known when the program runs")
    return quoted(str(PurePosixPath("/", known)).rstrip("/") + "/")


def _ends_open(node: ast.JoinedStr, local: ast.expr) -> bool:
    """Tell whether a formatted text may end in a slash; with what the path of a file ends in as well, it does not."""
    last = node.values[-1] if node.values else None
    if isinstance(last, ast.Constant):
        return str(last.value).endswith("/")
    if not isinstance(last, ast.FormattedValue):
        return True
    whole = local.values[-1] if isinstance(local, ast.JoinedStr) and local.values else local
    end = whole.value if isinstance(whole, ast.FormattedValue) else whole
    is_name = isinstance(last.value, ast.Attribute) and last.value.attr in {"name", "stem", "suffix"}
    return not is_name and ast.dump(end) != ast.dump(last.value)
