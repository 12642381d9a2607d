"""``mounts=`` of functions and classes."""

from __future__ import annotations

import ast
import posixpath

from modal_transforms.analysis.calls import DictEntry, argument, splatted
from modal_transforms.analysis.index import walk
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import text_of
from modal_transforms.analysis.paths import known_path
from modal_transforms.core.model import Finding
from modal_transforms.core.patterns import pattern
from modal_transforms.modal_api.deployments import Deployed, ImageSource, deployed
from modal_transforms.modal_api.image_walk import chain
from modal_transforms.modal_api.images import extend_expression
from modal_transforms.modal_api.option_keys import said_elsewhere
from modal_transforms.sections.mount.choices import NOWHERE, THERE, Consumer, MountTarget
from modal_transforms.sections.mount.findings import HELPER, manual, state, to_be_added
from modal_transforms.sections.mount.mount_list import MountCall, MountKind, NotPlain, Reading, check_visible, read_list
from modal_transforms.sections.mount.placement import places
from modal_transforms.sections.mount.translate import translate_all

_READERS = frozenset("open Path PurePath listdir join exists isfile isdir walk glob scandir iterdir read_text".split())
_PACKAGES = "add_local_python_source"
_ROOT_MODULE = pattern(r"/root/(\w+)\.py")
_RELATIVE = pattern(r"(?:\./)?([\w.-]+)(/.*)?$")


def _rule(found: Deployed) -> str:
    return "mount-class" if found.is_class else "mount-function"


def function_finding(found: Deployed, item: ast.keyword) -> Finding:
    """State what becomes of ``mounts=`` of a function or class."""
    module, source = found.module, found.module.source
    place = source.span(item)
    try:
        reading, doubts = read_here(module, item.value, found.call)
        lacking = [entry for entry in reading.entries if not _is_there(found, entry)]
        additions = translate_all(lacking, relative_reads(found))
    except NotPlain as reason:
        return manual(module, place, item.value, found.name, reason, found.call, HELPER)
    where = places(found, place, reading, additions) if additions else [THERE if reading.entries else NOWHERE]
    if not where:
        hint = to_be_added(additions)
        return manual(module, place, item.value, found.name, "its image is not in sight", found.call, hint)
    own = source.span(found.call)
    return state(Consumer(module, _rule(found), found.name, found.call, own, place, reading, additions, doubts), where)


def _is_there(found: Deployed, entry: MountCall) -> bool:
    """Tell whether a file is the source of a module that ``add_local_python_source`` puts at the same place."""
    node, name = argument(entry.given, 0, "local_path"), argument(entry.given, 1, "remote_path")
    local = known_path(entry.module, node) if node is not None else None
    remote = known_path(entry.module, name) if name is not None else None
    module = _ROOT_MODULE.fullmatch(remote or "")
    if entry.kind is not MountKind.FILE or local is None or module is None or found.module.project is None:
        return False
    source = found.module.project.locate(found.module.source.path, module[1]) or ""
    if posixpath.normpath(local) != source and not source.endswith(f"/{posixpath.normpath(local)}"):
        return False
    steps = (call for _, call in chain(found.image_module, found.image) if _callee_name(call.func) == _PACKAGES)
    return any(text_of(given) == module[1] for call in steps for given in call.args)


def read_here(module: Module, node: ast.expr, at: ast.AST) -> tuple[Reading, tuple[str, ...]]:
    """Read a list of mounts for use at a node; return what it holds and what is doubtful; raises `NotPlain`."""
    reading = read_list(module, node)
    unsure = [entry for entry in reading.entries if not check_visible(entry, module, at)]
    return reading, ("a name that the mount is made of is set more than once",) if unsure else ()


def relative_reads(found: Deployed) -> frozenset[str]:
    """Return the first names of relative paths that the code of a function or class opens."""
    if found.definition is None:
        return frozenset()
    texts: set[str] = set()
    for node in (node for statement in found.definition.body for node in walk(statement)):
        if isinstance(node, ast.Call) and _callee_name(node.func) in _READERS:
            texts.update(filter(None, map(text_of, node.args)))
        elif "/" in (text := text_of(node) or ""):
            texts.add(text)
    return frozenset(match[1] for match in map(_RELATIVE.match, texts) if match)


def _callee_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def dict_finding(found: Deployed, entry: DictEntry) -> Finding:
    """A dict that is splatted into the call holds the mounts."""
    module = found.module
    hint = "Take the entry out of the dict and add the files to the image beside it."
    takers = [each for each in deployed(module) if any(e.key == entry.key for e in splatted(module, each.call))]
    if said_elsewhere(module, entry):
        why = "the entry is read elsewhere too"
        return manual(module, entry.key, entry.value, found.name, why, found.call, hint)
    images = [e for e in splatted(module, found.call) if e.name == "image" and e.container == entry.container]
    try:
        reading, doubts = read_here(module, entry.value, entry.value)
        additions = translate_all(reading.entries, relative_reads(found))
    except NotPlain as reason:
        return manual(module, entry.key, entry.value, found.name, reason, found.call, hint)
    if entry.container is None or entry.argument is None or (not images and len(takers) > 1):
        why = "the list is an entry of a dict that several calls take"
        return manual(module, entry.key, entry.value, found.name, why, found.call, hint)
    where = [NOWHERE]
    if additions and images:
        label, image = "add them to the image in the same dict", images[0].value
        where = [MountTarget("dict", label, lambda calls: extend_expression(module, image, *calls))]
    elif additions:
        where = [] if found.source is ImageSource.SPLAT else places(found, entry.argument, reading, additions)[-1:]
    if not where:
        return manual(module, entry.key, entry.value, found.name, "its image is not in sight", found.call, hint)
    doubts += ("the entry is taken out of a dict: check that nothing else reads it",)
    place, inside = entry.argument, entry.container
    return state(
        Consumer(module, _rule(found), found.name, found.call, inside, place, reading, additions, doubts), where
    )
