"""A Volume for a class: where it is mounted, what it is called, and the changes that mount it."""

from __future__ import annotations

import ast
import posixpath
import re

from msgspec import Struct

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import AddArgument, AddLine, Ask, Change, Replace, Span
from modal_transforms.modal_api.deployments import Deployed
from modal_transforms.modal_api.image_walk import chain
from modal_transforms.modal_api.images import Extension, extend_definition, extend_image, own_definition
from modal_transforms.modal_api.naming import is_free, modal_name
from modal_transforms.sections.build_decorator.extraction import NotExtractable, constant, top
from modal_transforms.sections.build_decorator.frameworks import Download
from modal_transforms.sections.build_decorator.methods import BuildMethod, build_methods

_SAME = {"HF_HUB_CACHE": {"HF_HUB_CACHE", "HF_HOME", "HUGGINGFACE_HUB_CACHE", "TRANSFORMERS_CACHE"}}
"""Variables by which the cache of a library may be set already."""
_NO_PLACE = frozenset(
    "/ /bin /dev /etc /lib /lib64 /proc /root /run /sbin /sys /tmp /usr /usr/bin /usr/lib /usr/local /usr/local/bin "
    "/usr/local/lib /usr/share /var /var/lib".split()
)
"""Directories at which Modal refuses a volume, or where it would hide what the container runs on."""


def may_mount(directory: str) -> bool:
    """Tell whether a volume may be mounted at a directory."""
    return directory.startswith("/") and posixpath.normpath(directory) not in _NO_PLACE


class Cache(Struct, frozen=True):
    """Where the files of a build method are kept: a directory (as an expression) and variables that point there."""

    directory: str
    shown: str
    variables: tuple[tuple[str, str], ...] = ()
    default: str = ""
    """Where the one library keeps its files when no variable says so."""


def cache(method: BuildMethod, found: tuple[Download, ...]) -> Cache | None:
    """Return where known libraries keep what the method downloads; ``None`` when that cannot be told."""
    given = {ast.dump(each.directory): each.directory for each in found if each.directory is not None}
    if len(given) == 1 and all(each.directory is not None for each in found):
        text = directory(method, next(iter(given.values())))
        return Cache(text, text.strip("\"'")) if text else None
    if given or not found:
        return None
    frameworks = list(dict.fromkeys(each.framework for each in found))
    base = "/cache" if '"/cache"' not in method.module.source.text else "/model-cache"
    folders = {each: base if len(frameworks) == 1 else f"{base}/{each.folder}" for each in frameworks}
    default = frameworks[0].default if len(frameworks) == 1 else ""
    return Cache(f'"{base}"', base, tuple((each.variable, folder) for each, folder in folders.items()), default)


def directory(method: BuildMethod, node: ast.expr) -> str:
    """Return how a directory for a volume is written outside of the method; an empty text where there is none."""
    module = method.module
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == _me(method):
        try:
            text = constant(method, node)
        except NotExtractable:
            return ""
        node = ast.parse(text, mode="eval").body
    elif isinstance(node, (ast.Name, ast.Constant)):
        text = module.source.written(node)
    else:
        return ""
    if isinstance(node, ast.Constant):
        return text if isinstance(node.value, str) and may_mount(node.value) else ""
    if not isinstance(node, ast.Name):
        return ""
    values = [binding.value for binding in module.index.module.bindings.get(node.id, [])]
    literal = values[0] if len(values) == 1 else None
    known = isinstance(literal, ast.Constant) and isinstance(literal.value, str) and may_mount(literal.value)
    return text if known else ""


def _me(method: BuildMethod) -> str:
    return method.node.args.args[0].arg if method.node.args.args else "self"


def ask(method: BuildMethod, found: Deployed, directory: str) -> Ask:
    """Return the question for the volume's name; what is kept in several directories is kept in several volumes."""
    several = len(list(build_methods(method.module))) > 1
    end = _slug(directory) if several else "cache"
    return Ask("volume", "Name of the Volume", f"{_slug(_app_name(found) or method.owner.name)}-{end}")


def _app_name(found: Deployed) -> str:
    if found.app is None:
        return ""
    item = keyword(found.app.call, "name")
    given = found.app.call.args[0] if found.app.call.args else item.value if item else None
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else ""


def _slug(name: str) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()
    return re.sub(r"[^a-z0-9]+", "-", words).strip("-") or "model"


def mount(method: BuildMethod, found: Deployed, kept: Cache, volume: str) -> tuple[Change, ...] | None:
    """Return the changes that mount a volume at a class and point its image's variables there.

    An image that only the method's classes run in gets the variables where it is defined.
    """
    if not kept.variables:
        return _volumes(found, kept.directory, volume)
    set_already = _set_already(found, [name for name, _ in kept.variables])
    if set_already:
        return _volumes(found, set_already, volume)
    pairs = ", ".join(f'"{variable}": "{folder}"' for variable, folder in kept.variables)
    link = f".env({{{pairs}}})"
    image = own_definition(found, method.classes)
    at_definition = extend_definition(image, link, build_step=True) if image is not None else None
    extension = Extension(at_definition) if at_definition else extend_image(found, link, build_step=True)
    if extension is None or extension.others:
        return _volumes(found, f'"{kept.default}"', volume) if kept.default else None
    changes = _volumes(found, kept.directory, volume)
    return (*changes, *extension.changes) if changes is not None else None


def _set_already(found: Deployed, names: list[str]) -> str:
    """Return the directory to which the image sets the one variable of a cache already."""
    for module, call in chain(found.image_module, found.image):
        given = call.args[0] if call.args and isinstance(call.func, ast.Attribute) and call.func.attr == "env" else None
        for key, value in zip(given.keys, given.values, strict=True) if isinstance(given, ast.Dict) else ():
            known = isinstance(key, ast.Constant) and key.value in _SAME.get(names[0], {*names})
            if known and len(names) == 1 and isinstance(value, ast.Constant):
                return module.source.written(value)
    return ""


def _volumes(found: Deployed, directory: str, volume: str) -> tuple[Change, ...] | None:
    source, entry = found.module.source, f"{directory}: {volume}"
    is_literal = directory[:1] in {"'", '"'}
    if any(item.arg is None for item in found.call.keywords) or (is_literal and not may_mount(directory[1:-1])):
        return None
    item = keyword(found.call, "volumes")
    if item is None:
        return (AddArgument(source.path, found.span, f"volumes={{{entry}}}"),)
    span = source.span(item.value)
    if isinstance(item.value, ast.Dict):
        keys = [source.written(key) for key in item.value.keys if key is not None]
        same = any(key.strip("\"'") == directory.strip("\"'") for key in keys)
        return () if same else (AddArgument(source.path, span, entry),)
    before, after = Span(span.start, span.start), Span(span.end, span.end)
    return (Replace(source.path, before, "{**"), Replace(source.path, after, f", {entry}}}"))


def named_volume(method: BuildMethod, found: Deployed, asked: Ask) -> tuple[str, tuple[Change, ...]]:
    """Return the name of a variable for the volume, and the changes that set it: below the app, or above the class."""
    module, owner = found.module, found.definition
    name, needed = modal_name(module, found.call, "Volume")
    text = f'{name}.from_name("{asked.placeholder}", create_if_missing=True)'
    if not isinstance(owner, ast.ClassDef) or module.index.parents.get(owner) is not module.tree:
        return text, needed
    variable = _variable(method, module, asked)
    newline, source = module.source.newline, module.source
    statement = module.index.statement(found.app.call) if found.app is not None and found.app.module is module else None
    if statement is not None and module.index.parents.get(statement) is module.tree and statement.lineno < owner.lineno:
        return variable, (*needed, AddLine(source.path, source.span(statement), f"{variable} = {text}"))
    at = Span(top(source, owner), top(source, owner))
    return variable, (*needed, Replace(source.path, at, f"{variable} = {text}{newline}{newline}{newline}"))


def _variable(method: BuildMethod, module: Module, asked: Ask) -> str:
    """Return a free name for the volume's variable; each class that needs a volume has its own."""
    end = "cache" if asked.default.endswith("-cache") else asked.default.rpartition("-")[2]
    several = len({each.owner for each in build_methods(method.module)}) > 1
    start = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", method.owner.name).lower() + "_" if several else ""
    name = f"{start}{end.replace('-', '_')}_vol"
    return next(each for each in (name, f"{name}ume", f"modal_{name}", f"modal_{name}ume_") if is_free(module, each))


def folder(method: BuildMethod, node: ast.AST) -> str:
    """Return the directory of an absolute path that is written in a method."""
    if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
        return directory(method, node)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        path = re.fullmatch(r"(/[\w.-]+(?:/[\w.-]+)*)/?", node.value)
        folder = path[1] if path else ""
        if path and ("." in posixpath.basename(folder) or _is_file(method, node)):
            folder = posixpath.dirname(folder)
        return f'"{folder}"' if may_mount(folder) else ""
    return ""


def _is_file(method: BuildMethod, node: ast.Constant) -> bool:
    """Tell whether a path is handed to what opens or fetches a file."""
    call = method.module.index.parents.get(node)
    if not isinstance(call, ast.Call):
        return False
    opens = isinstance(call.func, ast.Name) and call.func.id == "open"
    return opens or qualified_name(method.module, call.func) == "urllib.request.urlretrieve"
