"""Where the files that an image or a mount is given land in the container, as far as the program says it."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.calls import argument
from modal_transforms.analysis.definitions import origin
from modal_transforms.analysis.import_scan import script_path
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.paths import known_path, last_name
from modal_transforms.modal_api.image_chain import build_workdir

_SAME = frozenset({"os.path.abspath", "os.path.realpath", "str", "pathlib.Path", "os.path.normpath"})
_SAME_METHODS = frozenset({"resolve", "absolute", "as_posix"})
_JOINS = frozenset({"os.path.join", "posixpath.join"})


class Landing(Struct, frozen=True):
    """A file or folder of this machine, and the place in the container where it lands."""

    local: tuple[str, ...]
    """The paths in the repository that it may mean; empty when the program does not say."""
    name: str
    """Its last name, where only that is known: ``src`` of ``os.path.join(TOP, "src")``."""
    remote: str | None
    """``None`` when the program does not say."""
    is_file: bool

    def places(self, path: str) -> Iterator[str | None]:
        """Yield where a file of the repository lands by this; ``None`` where it may land and where is not told."""
        for local in self.local or self._guesses(path):
            inside = path == local if self.is_file else not local or path.startswith(f"{local}/")
            if inside and self.remote is None:
                yield None
            elif inside and self.remote is not None:
                yield self.remote if self.is_file else posixpath.join(self.remote, path[len(local) :].lstrip("/"))

    def may_hold(self, path: str, wanted: str) -> bool:
        """Tell whether it may bring a file to a place, where what is added shows only at run time."""
        if self.local or self.name:
            return None in self.places(path)
        return self.remote is None or wanted == self.remote or wanted.startswith(self.remote.rstrip("/") + "/")

    def _guesses(self, path: str) -> Iterator[str]:
        """Yield the folders above a file (or the file) that have the name that alone is known."""
        folder = path if self.is_file else posixpath.dirname(path)
        while folder and self.name:
            if posixpath.basename(folder) == self.name:
                yield folder
            folder = "" if self.is_file else posixpath.dirname(folder)


def landing(module: Module, call: ast.Call) -> Landing | None:
    """Return what ``add_local_dir``, ``copy_local_file``, ``Mount.from_local_dir`` and the like place where."""
    assert isinstance(call.func, ast.Attribute)
    method = call.func.attr
    kind = method.rpartition("_")[2]
    local = argument(call, 0, "local_path")
    if kind not in {"dir", "file"} or local is None:
        return None
    remote = _remote(module, call, method)
    if remote is not None and kind == "file":
        remote = _file_target(module, local, remote, method)
    elif remote is not None:
        remote = posixpath.normpath(remote)
    return Landing(_locals(module, local), last_name(module, local) or "", remote, kind == "file")


def _remote(module: Module, call: ast.Call, method: str) -> str | None:
    """Return the target as an absolute path."""
    node = argument(call, 1, "remote_path")
    is_mount = module.symbol(call.func).startswith("modal.Mount")
    if node is None and is_mount:
        name = last_name(module, argument(call, 0, "local_path") or call)
        return None if name is None else f"/{name}"
    text = known_path(module, node) if node is not None else "."
    if text is None or text.startswith("/") or is_mount:
        return text if text is None else posixpath.join("/", text.rstrip("/") if is_mount else text)
    assert isinstance(call.func, ast.Attribute)
    base = build_workdir(module, call.func.value) if method.startswith("copy_") else None
    return None if base is None else posixpath.join(base, text)


def _file_target(module: Module, local: ast.expr, remote: str, method: str) -> str | None:
    """Return where a file lands: below a target that ends in a slash or that a copy finds to be a folder."""
    name = last_name(module, local)
    is_folder = remote.endswith("/") or (method.startswith("copy_") and "." not in posixpath.basename(remote))
    if not is_folder:
        return posixpath.normpath(remote)
    return None if name is None else posixpath.normpath(posixpath.join(remote, name))


def _locals(module: Module, node: ast.expr) -> tuple[str, ...]:
    """Return the paths in the repository that a local path may mean, from any folder that it may be run in."""
    text = known_path(module, node)
    if text is not None and not text.startswith(("/", "~")):
        folders = script_path(posixpath.dirname(module.source.path))[:-1]
        return tuple(dict.fromkeys(_inside(posixpath.join(folder, text)) for folder in folders))
    known = _by_file(module, node, 0)
    return () if known is None else (_inside(known),)


def _inside(path: str) -> str:
    path = posixpath.normpath(path)
    return "" if path == "." else path


def _by_file(module: Module, node: ast.expr, depth: int) -> str | None:
    """Return the path in the repository that is made of ``__file__``."""
    if isinstance(node, ast.Name) and node.id == "__file__":
        return module.source.path
    module, node = origin(module, node)
    if depth > 12:
        return None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return _joined(module, [node.left, node.right], depth)
    if isinstance(node, ast.Attribute) and node.attr == "parent":
        return _above(_by_file(module, node.value, depth + 1))
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "parents":
        path = _by_file(module, node.value.value, depth + 1)
        count = node.slice.value if isinstance(node.slice, ast.Constant) else None
        for _ in range(count + 1 if isinstance(count, int) else 0):
            path = _above(path)
        return path if isinstance(count, int) else None
    return _by_call(module, node, depth) if isinstance(node, ast.Call) else None


def _by_call(module: Module, node: ast.Call, depth: int) -> str | None:
    name = qualified_name(module, node.func) or (node.func.id if isinstance(node.func, ast.Name) else "")
    if name == "os.path.dirname" and node.args:
        return _above(_by_file(module, node.args[0], depth + 1))
    if name in _JOINS and node.args:
        return _joined(module, node.args, depth)
    if name in _SAME and node.args:
        return _joined(module, node.args, depth)
    if isinstance(node.func, ast.Attribute) and node.func.attr in _SAME_METHODS:
        return _by_file(module, node.func.value, depth + 1)
    if isinstance(node.func, ast.Attribute) and node.func.attr == "joinpath":
        return _joined(module, [node.func.value, *node.args], depth)
    return None


def _joined(module: Module, nodes: list[ast.expr], depth: int) -> str | None:
    first = _by_file(module, nodes[0], depth + 1)
    rest = [known_path(module, node) for node in nodes[1:]]
    if first is None or None in rest:
        return None
    return posixpath.normpath(posixpath.join(first, *(text for text in rest if text is not None)))


def _above(path: str | None) -> str | None:
    return None if path is None else posixpath.dirname(path) or "."
