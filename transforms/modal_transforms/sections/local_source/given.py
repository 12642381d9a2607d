"""Which local modules an image or a function is given already, by other means than automounting."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from modal_transforms.calls import argument, keyword, splatted
from modal_transforms.definitions import definition, origin
from modal_transforms.deployments import Deployed
from modal_transforms.module import Module
from modal_transforms.sections.local_source.homes import comes_by_itself
from modal_transforms.sections.local_source.needs import Need, needs

_FILES = frozenset({"add_local_dir", "add_local_file", "copy_local_dir", "copy_local_file"})
_OPAQUE = frozenset({"from_dockerfile", "from_registry", "copy_mount", "dockerfile_commands", "from_name", "from_id"})
_ROOT = "/root"


def chain(module: Module, image: ast.expr | None) -> Iterator[tuple[Module, ast.Call]]:
    """Yield the method calls that make an image, the last one first, names followed."""
    for _ in range(200):
        if image is None:
            return
        if isinstance(image, ast.Call):
            if not isinstance(image.func, ast.Attribute):
                return
            yield module, image
            image = image.func.value
            continue
        found = definition(module, image)
        if found is None:
            return
        module, image = found.module, found.value


def missing(found: Deployed) -> tuple[Need, ...]:
    """Return the local modules that a function needs, that 1.x does not ship and that nothing brings."""
    if _has_include_source(found):
        return ()
    wanted = [need for need in needs(found.module) if not comes_by_itself(need, found.module)]
    if not wanted:
        return ()
    options = [item.value for call in _calls(found) for item in call.keywords if item.arg == "mounts"]
    mounted = [name for option in options for name in _mounted(found.module, option)]
    lacking = absent(wanted, found.image_module, found.image)
    return tuple(need for need in lacking if need.name not in mounted)


def absent(wanted: list[Need], module: Module, image: ast.expr | None, copied: bool = False) -> list[Need]:
    """Return those modules that an image does not hold; with ``copied``, not in its layers."""
    for home, call in chain(module, image):
        wanted = [need for need in wanted if not _brings(home, call, need, copied)]
    return wanted


def _brings(module: Module, call: ast.Call, need: Need, copied: bool) -> bool:
    assert isinstance(call.func, ast.Attribute)
    method = call.func.attr
    if method == "add_local_python_source":
        return (not copied or _is_true(keyword(call, "copy"))) and need.name in _names(module, call)
    if method == "run_function" and not copied:
        return any(need.name == other.name for other in missing_at_build(module, call))
    if method not in _FILES or (copied and method.startswith("add_") and not _is_true(keyword(call, "copy"))):
        return False
    return _lands(module, call, need)


def _is_true(item: ast.keyword | None) -> bool:
    return item is not None and not (isinstance(item.value, ast.Constant) and not item.value.value)


def _names(module: Module, call: ast.Call) -> set[str]:
    """Return the literal names that a call is given, those of a starred list included."""
    given: list[ast.expr] = []
    for item in call.args:
        _, value = origin(module, item.value if isinstance(item, ast.Starred) else item)
        given += value.elts if isinstance(value, (ast.List, ast.Tuple, ast.Set)) else [value]
    return {item.value for item in given if isinstance(item, ast.Constant) and isinstance(item.value, str)}


def _lands(module: Module, call: ast.Call, need: Need) -> bool:
    """Tell whether a directory or file that is added lands where Python finds the module."""
    local, remote = argument(call, 0, "local_path"), argument(call, 1, "remote_path")
    if not (isinstance(remote, ast.Constant) and isinstance(remote.value, str)):
        return False
    target = remote.value.rstrip("/") or "/"
    if target in {f"{_ROOT}/{need.name}", f"{_ROOT}/{PurePosixPath(need.place).name}"}:
        return True
    if target != _ROOT:
        return False
    if not (isinstance(local, ast.Constant) and isinstance(local.value, str)):
        return True
    folder, parent = local.value.rstrip("/").removeprefix("./") or ".", str(PurePosixPath(need.place).parent)
    return folder == parent or folder == "." or parent.endswith(f"/{folder}") or PurePosixPath(folder).suffix == ".py"


def _mounted(module: Module, option: ast.expr) -> Iterator[str]:
    """Yield the packages of ``Mount.from_local_python_packages`` in a ``mounts=`` list."""
    home, value = origin(module, option)
    for element in value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value]:
        where, made = origin(home, element)
        if isinstance(made, ast.Call) and where.symbol(made.func) == "modal.Mount.from_local_python_packages":
            yield from _names(where, made)


def _calls(found: Deployed) -> list[ast.Call]:
    same_file = found.app is not None and found.app.module is found.module
    return [found.call, *([found.app.call] if found.app is not None and same_file else [])]


def _has_include_source(found: Deployed) -> bool:
    """Tell whether a function or its app says ``include_source=``: such code already ships what it needs."""
    homes = [(found.module, found.call), *([(found.app.module, found.app.call)] if found.app else [])]
    return any(
        keyword(call, "include_source") is not None
        or any(entry.name == "include_source" for entry in splatted(module, call))
        for module, call in homes
    )


def missing_at_build(module: Module, call: ast.Call) -> list[Need]:
    """Return the local modules that ``Image.run_function(f)`` needs when it runs ``f`` and that the image lacks."""
    given = module.resolve(call.args[0]) if call.args else None
    if given is None or given.symbol != "local.function" or keyword(call, "include_source") is not None:
        return []
    home = given.module
    wanted = [need for need in needs(home) if not comes_by_itself(need, home)]
    assert isinstance(call.func, ast.Attribute)
    return absent(wanted, module, call.func.value, copied=True)


def may_hold_more(found: Deployed) -> str:
    """Return the step of an image's chain that may bring files that cannot be seen from here, if there is one."""
    for _, call in chain(found.image_module, found.image):
        assert isinstance(call.func, ast.Attribute)
        if call.func.attr in _FILES | _OPAQUE - {"from_registry"}:
            return call.func.attr
    return ""
