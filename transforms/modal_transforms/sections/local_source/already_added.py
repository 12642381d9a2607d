"""Which local modules an image or a function is given already, by other means than automounting."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from modal_transforms.analysis.calls import argument, keyword, splatted
from modal_transforms.analysis.definitions import origin
from modal_transforms.analysis.module import Module
from modal_transforms.modal_api.deployments import Deployed
from modal_transforms.modal_api.image_walk import chain
from modal_transforms.sections.local_source.auto_shipped import comes_by_itself
from modal_transforms.sections.local_source.imports_needed import Need, When
from modal_transforms.sections.local_source.needs import needs

_FILES = frozenset({"add_local_dir", "add_local_file", "copy_local_dir", "copy_local_file"})
_OPAQUE = frozenset({"from_dockerfile", "from_registry", "copy_mount", "dockerfile_commands", "from_name", "from_id"})
_ROOT = "/root"


def missing(found: Deployed) -> tuple[Need, ...]:
    """Return the local modules that a function needs, that 1.x does not ship and that nothing brings."""
    if _has_include_source(found):
        return ()
    home = defining(found)
    wanted = [need for need in needs(home) if not comes_by_itself(need, home)]
    if not wanted:
        return ()
    lacking = absent(wanted, found.image_module, found.image)
    mounts = [mount for where, call in _calls(found) for mount in _mounts(where, keyword(call, "mounts"))]
    return tuple(need for need in lacking if not any(_mounted(where, mount, need) for where, mount in mounts))


def defining(found: Deployed) -> Module:
    """Return the file that defines a function or class: another one than its call's in ``app.cls(...)(Model)``."""
    around = found.module.index.parents.get(found.call)
    if isinstance(around, ast.Call) and around.func is found.call:
        given = around.args[0] if around.args else None
        while isinstance(given, ast.Call) and given.args:
            given = given.args[0]
        value = found.module.resolve(given) if given is not None else None
        if value is not None and value.node is found.definition:
            return value.module
    return found.module


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
    if method == "run_function":
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


def _mounts(module: Module, item: ast.keyword | None) -> Iterator[tuple[Module, ast.Call]]:
    """Yield the calls that make the mounts of a ``mounts=`` list, chained ones included."""
    if item is None:
        return
    home, value = origin(module, item.value)
    for element in value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value]:
        where, made = origin(home, element)
        while isinstance(made, ast.Call):
            yield where, made
            made = made.func.value if isinstance(made.func, ast.Attribute) else made.func


def _mounted(module: Module, mount: ast.Call, need: Need) -> bool:
    """Tell whether a mount brings a module."""
    if module.symbol(mount.func) == "modal.Mount.from_local_python_packages":
        return need.name in _names(module, mount)
    return _lands(module, mount, need)


def _calls(found: Deployed) -> list[tuple[Module, ast.Call]]:
    """Return the calls that give a function its options: its own, and its app's."""
    return [(found.module, found.call), *([(found.app.module, found.app.call)] if found.app else [])]


def _has_include_source(found: Deployed) -> bool:
    """Tell whether a function or its app says ``include_source=``: such code already ships what it needs."""
    return any(
        keyword(call, "include_source") is not None
        or any(entry.name == "include_source" for entry in splatted(module, call))
        for module, call in _calls(found)
    )


def missing_at_build(module: Module, call: ast.Call) -> list[Need]:
    """Return the local modules that ``Image.run_function(f)`` needs when it runs ``f`` and that the image lacks."""
    given = module.resolve(call.args[0]) if call.args else None
    if given is None or given.symbol != "local.function" or keyword(call, "include_source") is not None:
        return []
    home = given.module
    wanted = [need for need in needs(home) if need.when < When.DEFERRED and not comes_by_itself(need, home)]
    assert isinstance(call.func, ast.Attribute)
    return absent(wanted, module, call.func.value, copied=True)


def may_hold_more(found: Deployed) -> str:
    """Return the step of an image's chain that may bring files that cannot be seen from here, if there is one."""
    for _, call in chain(found.image_module, found.image):
        assert isinstance(call.func, ast.Attribute)
        if call.func.attr in _FILES | _OPAQUE - {"from_registry"}:
            return call.func.attr
    return ""
