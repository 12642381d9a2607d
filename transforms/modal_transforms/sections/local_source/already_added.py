"""Which local modules an image or a function is given already, by other means than automounting."""

from __future__ import annotations

import ast
import builtins
import posixpath
import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from modal_transforms.analysis.calls import keyword, splatted
from modal_transforms.analysis.definitions import Definition, definitions, origin
from modal_transforms.analysis.import_scan import ROOT
from modal_transforms.analysis.index import FunctionNode, walk
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import is_constant, text_of
from modal_transforms.core.patterns import pattern
from modal_transforms.modal_api.deployments import Deployed
from modal_transforms.modal_api.image_walk import chain, walk_image
from modal_transforms.sections.local_source.auto_shipped import comes_by_itself
from modal_transforms.sections.local_source.container_path import container_path, workdirs
from modal_transforms.sections.local_source.imports_needed import Need, When
from modal_transforms.sections.local_source.installed import installed, provided_by
from modal_transforms.sections.local_source.landing import Landing, landing
from modal_transforms.sections.local_source.needs import needs

_FILES = frozenset({"add_local_dir", "add_local_file", "copy_local_dir", "copy_local_file"})
_OPAQUE = frozenset({"from_dockerfile", "copy_mount", "from_name", "from_id"})
_COPIES = pattern(r"^\s*(?:COPY|ADD)\b", re.IGNORECASE)


class _Place(Struct, frozen=True):
    """A container in which modules are needed: the file whose function runs there, and its image."""

    home: Module
    module: Module
    image: ast.expr | None

    def wanted(self, need: Need, path: str) -> set[str]:
        """Return the places in which a container finds a file of a module."""
        return {
            posixpath.join(base, need.inside(path))
            for base in container_path(self.home, self.module, self.image, need.when < When.DEFERRED)
        }


def missing(found: Deployed) -> tuple[Need, ...]:
    """Return the local modules that a function needs, that 1.x does not ship and that nothing brings."""
    if _has_include_source(found) or _travels_alone(found):
        return ()
    home = defining(found)
    wanted = [need for need in needs(home) if not comes_by_itself(need, home) and _concerns(found, need)]
    if not wanted:
        return ()
    place = _Place(home, found.image_module, found.image)
    return tuple(_without(place, absent(wanted, place), _mounts_of(found)))


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


def _concerns(found: Deployed, need: Need) -> bool:
    """Tell whether a function's container stops without a module: ``imports()`` of other images only note it."""
    if not need.guards:
        return True
    own = set(_named(found.image_module, found.image))
    known = [set(definitions(module, image)) for module, image in need.guards]
    return any(not guard or guard & own for guard in known)


def _named(module: Module, image: ast.expr | None) -> Iterator[Definition]:
    """Yield the variables that an image is, or is made of."""
    for home, node in walk_image(module, image):
        if isinstance(node, (ast.Name, ast.Attribute)):
            yield from definitions(home, node)


def absent(wanted: list[Need], place: _Place, copied: bool = False) -> list[Need]:
    """Return those modules that an image does not hold, with what is lacking of them; with ``copied``, its layers."""
    there = installed(place.module, place.image)
    lacking = [need for need in wanted if not _is_installed(place, need, there)]
    for module, call in chain(place.module, place.image):
        lacking = [left for need in lacking if (left := _after(place, need, module, call, copied)) is not None]
    return lacking


def _is_installed(place: _Place, need: Need, there: frozenset[str]) -> bool:
    """Tell whether an image installs a distribution called like a module, or the one that a package is part of."""
    if need.name.lower() in there:
        return True
    return bool(there) and need.is_package and provided_by(place.home, need.place) in there


def _after(place: _Place, need: Need, module: Module, call: ast.Call, copied: bool) -> Need | None:
    """Return what is lacking of a module after a step of an image; ``None`` when that completes it."""
    assert isinstance(call.func, ast.Attribute)
    method = call.func.attr
    if copied and method.startswith("add_") and not _is_true(keyword(call, "copy")):
        return need
    if method == "add_local_python_source":
        return _without_parts(place, need, _names(module, call))
    if method == "run_function":
        return None if any(need.name == other.name for other in missing_at_build(module, call)) else need
    return _without_files(place, need, landing(module, call)) if method in _FILES else need


def _without_parts(place: _Place, need: Need, names: Iterable[str]) -> Need | None:
    """Return what is lacking of a package where parts of it (``"pkg.sub"``) are added by name.

    A part brings no ``__init__.py`` of the folders above it: where that holds code, the package is still lacking.
    """
    if need.name in names:
        return None
    top = need.place.removesuffix(".py").removeprefix(ROOT)
    parts = [posixpath.join(top, *name.split(".")[1:]) for name in names if name.startswith(f"{need.name}.")]
    if any(_holds_code(place.home, folder) for part in parts for folder in _folders(top, part) if folder not in parts):
        return need
    there = {path for path in need.files for part in parts if path == f"{part}.py" or path.startswith(f"{part}/")}
    return _left(need, there)


def _folders(top: str, part: str) -> Iterator[str]:
    """Yield the folders of a package that a part of it lies in."""
    folder = posixpath.dirname(part)
    while len(folder) >= len(top):
        yield folder
        folder = posixpath.dirname(folder)


def _holds_code(module: Module, folder: str) -> bool:
    """Tell whether the ``__init__.py`` of a folder holds more than words about it, or cannot be looked into."""
    path = posixpath.join(folder, "__init__.py")
    if module.project is None or path not in module.project.files:
        return module.project is None
    initial = module.project.module(path)
    return initial is None or any(not is_constant(each) for each in initial.tree.body)


def _without_files(place: _Place, need: Need, landed: Landing | None) -> Need | None:
    """Return what is lacking of a module where a folder or file of this machine is added."""
    if landed is None:
        return need
    return _left(need, {p for p in need.files if set(landed.places(p)) & place.wanted(need, p)})


def _left(need: Need, there: set[str]) -> Need | None:
    files = need.files - there
    return None if need.files and not files else replace(need, files=files) if there else need


def _is_true(item: ast.keyword | None) -> bool:
    return item is not None and not (isinstance(item.value, ast.Constant) and not item.value.value)


def _names(module: Module, call: ast.Call) -> set[str]:
    """Return the literal names that a call is given, those of a starred list included."""
    given: list[ast.expr] = []
    for item in call.args:
        _, value = origin(module, item.value if isinstance(item, ast.Starred) else item)
        given += value.elts if isinstance(value, (ast.List, ast.Tuple, ast.Set)) else [value]
    return {name for item in given if (name := text_of(item)) is not None}


def _without(place: _Place, wanted: Iterable[Need], mounts: list[tuple[Module, ast.Call]]) -> Iterator[Need]:
    """Yield what is lacking of modules beside the mounts of a function."""
    for need in wanted:
        left: Need | None = need
        for module, call in mounts:
            if left is not None and module.symbol(call.func) == "modal.Mount.from_local_python_packages":
                left = (
                    _without_parts(place, left, _names(module, call)) if keyword(call, "remote_dir") is None else left
                )
            elif left is not None and isinstance(call.func, ast.Attribute):
                left = _without_files(place, left, landing(module, call))
        if left is not None:
            yield left


def _mounts_of(found: Deployed) -> list[tuple[Module, ast.Call]]:
    return [mount for where, call in _calls(found) for mount in _mounts(where, keyword(call, "mounts"))]


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


def _travels_alone(found: Deployed) -> bool:
    """Tell whether a function is pickled by value, as one inside another is, and reads nothing but what is in it."""
    definition, item = found.definition, keyword(found.call, "serialized")
    if (
        not _is_true(item)
        or not isinstance(definition, FunctionNode)
        or found.module.function_around(definition) is None
    ):
        return False
    own = {each.arg for each in walk(definition.args) if isinstance(each, ast.arg)}
    parts = [each for line in definition.body for each in (line, *walk(line))]
    names = [each for each in parts if isinstance(each, ast.Name)]
    own |= {each.id for each in names if isinstance(each.ctx, ast.Store)}
    imports = any(isinstance(each, (ast.Import, ast.ImportFrom)) for each in parts)
    return not imports and all(each.id in own or hasattr(builtins, each.id) for each in names)


def missing_at_build(module: Module, call: ast.Call) -> list[Need]:
    """Return the local modules that ``Image.run_function(f)`` needs when it runs ``f`` and that the image lacks."""
    given = module.resolve(call.args[0]) if call.args else None
    if given is None or given.symbol != "local.function" or keyword(call, "include_source") is not None:
        return []
    home = given.module
    wanted = [need for need in needs(home) if need.when < When.DEFERRED and not comes_by_itself(need, home)]
    assert isinstance(call.func, ast.Attribute)
    return absent(wanted, _Place(home, module, call.func.value), copied=True)


def may_hold_more(found: Deployed, lacking: Iterable[Need]) -> str:
    """Return, in words, what of a function's image may bring lacking modules without being seen to; or nothing."""
    place = _Place(defining(found), found.image_module, found.image)
    for module, call in chain(place.module, place.image):
        assert isinstance(call.func, ast.Attribute)
        method = call.func.attr
        if method in _OPAQUE or (method == "dockerfile_commands" and _may_copy(module, call)):
            return f"the image's {method}"
        landed = landing(module, call) if method in _FILES else None
        if landed is not None and any(_may_land(place, need, landed) for need in lacking):
            return f"the image's {method} (line {call.lineno})"
    for module, call in _mounts_of(found):
        landed = landing(module, call) if isinstance(call.func, ast.Attribute) else None
        if landed is not None and any(_may_land(place, need, landed) for need in lacking):
            return f"a mount (line {call.lineno})"
    return _unseen(place)


def _may_land(place: _Place, need: Need, landed: Landing) -> bool:
    """Tell whether a folder or file may land where the container finds a module."""
    for path in need.files:
        wanted = place.wanted(need, path)
        in_workdir = {posixpath.join(each, need.inside(path)) for each in workdirs(place.module, place.image)}
        if set(landed.places(path)) & in_workdir or any(landed.may_hold(path, each) for each in wanted):
            return True
    return False


def _may_copy(module: Module, call: ast.Call) -> bool:
    """Tell whether Dockerfile commands may copy files: ``ENTRYPOINT []`` does not."""
    for item in call.args:
        _, value = origin(module, item)
        for element in value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value]:
            text = text_of(element)
            if text is None or any(map(_COPIES.match, text.splitlines())):
                return True
    return False


def _unseen(place: _Place) -> str:
    """Return what an image is made of where that cannot be followed, in words."""
    if place.image is None:
        return ""
    module, last = list(walk_image(place.module, place.image))[-1]
    if isinstance(last, ast.Call) or module.symbol(last) == "modal.Image":
        call = last.func if isinstance(last, ast.Call) else last
        if module.symbol(call).startswith("modal.Image"):
            return ""
    return f"what makes the image ({module.source.written(last).splitlines()[0]})"
