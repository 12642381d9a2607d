"""Python's search path in the container: ``/root``, what the image's PYTHONPATH says, what the program adds."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import unpacked
from modal_transforms.analysis.definitions import definition, origin
from modal_transforms.analysis.index import walk
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.paths import known_path
from modal_transforms.core.patterns import pattern
from modal_transforms.modal_api.image_walk import chain
from modal_transforms.sections.local_source.imports_needed import PATH_CHANGES

ROOT = "/root"
_COMMANDS = frozenset({"run_commands", "dockerfile_commands"})
_PATH_FILE = pattern(r"\.pth\b")
_FOLDER = pattern(r"(?<![\w$}/.-])/[\w./-]+")


def container_path(home: Module, module: Module, image: ast.expr | None, loading: bool) -> tuple[str, ...]:
    """Return the folders in which a container finds modules; ``home`` is the file whose function runs in the image.

    While the file is ``loading``, what its functions add to the path is not there yet.
    """
    found = [ROOT, *_added(home, loading)]
    for where, call in chain(module, image):
        assert isinstance(call.func, ast.Attribute)
        for text in _python_paths(where, call) if call.func.attr == "env" else ():
            found += text.split(":")
        if call.func.attr in _COMMANDS:
            found += _in_path_files(call)
    return tuple(dict.fromkeys(folder.rstrip("/") for folder in found if folder.startswith("/")))


def _in_path_files(call: ast.Call) -> Iterator[str]:
    """Yield the absolute folders that commands of an image name which write a ``.pth`` file."""
    for node in walk(call):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _PATH_FILE.search(node.value):
            yield from _FOLDER.findall(node.value)


def workdirs(module: Module, image: ast.expr | None) -> tuple[str, ...]:
    """Return the working directories that an image sets: a container may find modules in the last one."""
    given = [
        known_path(where, call.args[0])
        for where, call in chain(module, image)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "workdir" and call.args
    ]
    return tuple(folder.rstrip("/") for folder in given if folder)


def _python_paths(module: Module, call: ast.Call) -> Iterator[str]:
    """Yield the values of PYTHONPATH that ``.env(...)`` sets."""
    node = call.args[0] if call.args else next((item.value for item in call.keywords), None)
    if node is None:
        return
    as_splat = ast.keyword(arg=None, value=node)
    for entry in unpacked(module, call, as_splat):
        text = known_path(module, entry.value) if entry.name == "PYTHONPATH" else None
        if text is not None:
            yield text


def _added(module: Module, loading: bool) -> Iterator[str]:
    """Yield the absolute folders that a file adds to ``sys.path``."""
    for call in module.index.calls:
        position = PATH_CHANGES.get(qualified_name(module, call.func))
        if position is not None and position < len(call.args) and not (loading and module.function_around(call)):
            texts = (known_path(module, node) for node in _values(module, call.args[position]))
            yield from (text for text in texts if text is not None)


def _values(module: Module, node: ast.expr) -> Iterator[ast.expr]:
    """Yield what an expression may be: the elements of a list, for the variable of a loop over it or its text."""
    shown = origin(module, node)[1]
    if isinstance(shown, ast.Call) and isinstance(shown.func, ast.Name) and shown.func.id == "str" and shown.args:
        node = shown.args[0]
    found = definition(module, node) if isinstance(node, ast.Name) else None
    loop = found.binding.node if found is not None else None
    if not isinstance(loop, (ast.For, ast.comprehension)):
        yield node
        return
    _, values = origin(module, loop.iter)
    yield from values.elts if isinstance(values, (ast.List, ast.Tuple)) else ()
