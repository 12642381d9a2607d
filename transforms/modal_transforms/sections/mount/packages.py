"""``from_local_python_packages`` shipped every file of a package, ``add_local_python_source`` only ``*.py``."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.module import Module, ProjectView
from modal_transforms.analysis.nodes import is_none
from modal_transforms.analysis.paths import known_path
from modal_transforms.modal_api.ignore_predicates import ignore_from_condition, looks_at_names_only
from modal_transforms.sections.mount.image_call import IGNORE_CHANGED, AddedFiles, quoted, written
from modal_transforms.sections.mount.mount_list import MountCall, NotPlain

AS_BEFORE = '["**/*.pyc", "**/__pycache__/**", "**/.*", "**/.*/**"]'
"""What a mount of packages left out: byte code, and whatever is hidden."""


def packages(entry: MountCall) -> tuple[AddedFiles, ...]:
    """Translate ``from_local_python_packages``; raises `NotPlain`."""
    module, call = entry.module, entry.call
    folder = keyword(call, "remote_dir")
    target = known_path(module, folder.value) if folder is not None else "/root"
    if target is None:
        raise NotPlain("the packages go to a folder that is only known when the program runs")
    if PurePosixPath("/", target) != PurePosixPath("/root"):
        return _elsewhere(entry, PurePosixPath("/", target))
    given_names = tuple(_splat(call.args))
    names = tuple(written(module, node) for node in given_names)
    doubts: list[str] = []
    given = _given_filter(module, call, doubts)
    if given is not None:
        return (AddedFiles("add_local_python_source", (*names, given), tuple(doubts)),)
    plain = AddedFiles("add_local_python_source", names)
    _look_for_data(module, given_names, doubts)
    if not doubts:
        return (plain,)
    everything = (*names, f"ignore={AS_BEFORE}")
    return (AddedFiles("add_local_python_source", everything, tuple(doubts), (("only-python", plain),)),)


def _given_filter(module: Module, call: ast.Call, doubts: list[str]) -> str | None:
    """Return the ``ignore=`` argument for a filter that the call has."""
    ignore, condition = keyword(call, "ignore"), keyword(call, "condition")
    if condition is not None and not is_none(condition.value):
        made = ignore_from_condition(module, condition.value)
        doubts += [] if made.sure else [IGNORE_CHANGED]
        return f"ignore={made.text}"
    if ignore is None or is_none(ignore.value):
        return None
    if not isinstance(ignore.value, (ast.List, ast.Tuple)) and not looks_at_names_only(module, ignore.value):
        doubts.append(IGNORE_CHANGED)
    return written(module, ignore)


def _splat(nodes: Iterable[ast.expr]) -> Iterator[ast.expr]:
    """Yield the names that a call is given; ``add_local_python_source`` refuses the list that a mount let pass."""
    for node in nodes:
        inside = node.value if isinstance(node, ast.Starred) else node
        if isinstance(inside, (ast.List, ast.Tuple)):
            yield from _splat(inside.elts)
        else:
            yield node


def _look_for_data(module: Module, names: Iterable[ast.expr], doubts: list[str]) -> None:
    """Note a doubt for packages with files that ``*.py`` leaves out, and for those whose files are not in sight."""
    data: list[str] = []
    for node in names:
        name = known_path(module, node) if not isinstance(node, ast.Starred) else None
        files = package_files(module, name) if name is not None else None
        if files is None:
            doubts.append(f"the files of {name or written(module, node)} are not in sight: it may hold more than *.py")
        data += [path for path in files or () if not path.endswith(".py")]
    if data:
        shown = ", ".join(sorted(data)[:3]) + (" and others" if len(data) > 3 else "")
        doubts.append(f"unless told otherwise only *.py is taken; there is also {shown}")


def package_files(module: Module, dotted: str) -> tuple[str, ...] | None:
    """Return the files that a mount of a module shipped, its own file or its folder's; ``None`` when not in sight."""
    project = module.project
    if project is None or not all(part.isidentifier() for part in dotted.split(".")):
        return None
    path = project.locate(module.source.path, dotted)
    if path is not None and not path.endswith("/__init__.py"):
        return (path,)
    folders = [path.removesuffix("__init__.py")] if path is not None else _namespace_folders(module, dotted)
    for folder in folders:
        files = tuple(each for each in _below(project, folder) if _is_shipped(each, folder))
        if files:
            return files
    return None


def _below(project: ProjectView, folder: str) -> list[str]:
    """Return the files of a folder, in order."""
    paths = project.once(_in_order)
    first = bisect_left(paths, folder)
    return paths[first : bisect_left(paths, True, lo=first, key=lambda path: not path.startswith(folder))]


def _in_order(project: ProjectView) -> list[str]:
    return sorted(project.files)


def _namespace_folders(module: Module, dotted: str) -> list[str]:
    """Return the folders that a package without ``__init__.py`` may be."""
    home = PurePosixPath(module.source.path).parent
    return [f"{base / dotted.replace('.', '/')}/" for base in (home, *home.parents, PurePosixPath("src"))]


def _is_shipped(path: str, folder: str) -> bool:
    parts = PurePosixPath(path.removeprefix(folder)).parts
    return not path.endswith(".pyc") and not any(part.startswith(".") or part == "__pycache__" for part in parts)


def _elsewhere(entry: MountCall, target: PurePosixPath) -> tuple[AddedFiles, ...]:
    """Translate packages that do not go to ``/root``: their files, by path."""
    module, call = entry.module, entry.call
    doubts = ["a local path is looked up in the folder that modal is called from; these are of the repository's"]
    given = _given_filter(module, call, doubts)
    made = []
    for node in _splat(call.args):
        name = known_path(module, node) if not isinstance(node, ast.Starred) else None
        path = module.project.locate(module.source.path, name) if module.project is not None and name else None
        if name is None or path is None:
            raise NotPlain(f"packages are put into {target}, and add_local_python_source only knows /root")
        parts = name.split(".")
        if path.endswith("/__init__.py"):
            places = quoted(path.removesuffix("/__init__.py")), quoted(str(target.joinpath(*parts)))
            filters = given or f"ignore={AS_BEFORE}"
            made.append(AddedFiles("add_local_dir", (*places, filters), tuple(doubts)))
        else:
            places = quoted(path), quoted(str(target.joinpath(*parts[:-1], PurePosixPath(path).name)))
            made.append(AddedFiles("add_local_file", places, tuple(doubts)))
    return tuple(made)
