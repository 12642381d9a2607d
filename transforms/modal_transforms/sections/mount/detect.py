"""Where mounts are given: to apps, functions, sandboxes and the build of images; and what is left of them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from modal_transforms.analysis.calls import keyword, splatted
from modal_transforms.analysis.definitions import Definition, uses
from modal_transforms.analysis.exported import without_exports
from modal_transforms.analysis.index import Binding, BindingKind
from modal_transforms.analysis.module import Module
from modal_transforms.core import modal_names
from modal_transforms.core.model import Finding, Span
from modal_transforms.modal_api.deployments import DECORATORS, app_of, deployed
from modal_transforms.modal_api.mounted import is_mounted_elsewhere
from modal_transforms.sections.mount.apps import app_finding
from modal_transforms.sections.mount.building import copy_finding, run_function_finding
from modal_transforms.sections.mount.contexts import context_finding
from modal_transforms.sections.mount.functions import dict_finding, function_finding
from modal_transforms.sections.mount.leftovers import (
    import_finding,
    import_place,
    mention_finding,
    singular_finding,
    unused_finding,
)
from modal_transforms.sections.mount.sandboxes import sandbox_finding
from modal_transforms.sections.mount.unseen import unseen_finding

_SANDBOXES = frozenset({"modal.Sandbox.create", "modal.App().spawn_sandbox"})


def find_apps(module: Module) -> Iterator[Finding]:
    """Yield a finding for each app with ``mounts=``."""
    for call in module.index.calls:
        item = keyword(call, "mounts")
        if item is not None and module.symbol(call.func) == "modal.App":
            app = app_of(module, call)
            if app is not None:
                yield app_finding(app, item)


def find_functions(module: Module) -> Iterator[Finding]:
    """Yield a finding for each function or class with ``mounts=``."""
    seen: set[Span] = set()
    for found in deployed(module):
        item = keyword(found.call, "mounts")
        if item is not None:
            yield function_finding(found, item)
            continue
        for entry in splatted(module, found.call):
            if entry.name == "mounts" and entry.key not in seen:
                seen.add(entry.key)
                yield dict_finding(found, entry)


def find_sandboxes(module: Module) -> Iterator[Finding]:
    """Yield a finding for each sandbox with ``mounts=``."""
    for call in module.index.calls:
        item = keyword(call, "mounts")
        if item is not None and module.symbol(call.func).removesuffix(".aio") in _SANDBOXES:
            yield sandbox_finding(module, call, item)


def find_building(module: Module) -> Iterator[Finding]:
    """Yield a finding for each mount that a step of an image's build uses."""
    for call in module.index.calls:
        if not isinstance(call.func, ast.Attribute):
            continue
        if call.func.attr == "run_function" and module.symbol(call.func) == "modal.Image().run_function":
            item = keyword(call, "mounts")
            if item is not None:
                yield run_function_finding(module, call, call.func.value, item)
        elif call.func.attr == "copy_mount" and module.symbol(call.func) == "modal.Image().copy_mount":
            yield copy_finding(module, call, call.func)


def find_contexts(module: Module) -> Iterator[Finding]:
    """Yield a finding for each ``context_mount=``."""
    for call in module.index.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in {"from_dockerfile", "dockerfile_commands"}:
            continue
        if module.symbol(call.func) in {"modal.Image.from_dockerfile", "modal.Image().dockerfile_commands"}:
            item = keyword(call, "context_mount")
            if item is not None:
                yield context_finding(module, call, item, item.value)
            elif call.func.attr == "from_dockerfile" and len(call.args) == 2:
                yield context_finding(module, call, call.args[1], call.args[1])  # 0.72 took it by position


def find_unseen(module: Module) -> Iterator[Finding]:
    """Yield a finding for each mount that is given to something whose origin cannot be seen."""
    for call in module.index.calls if b"Mount" in module.source.data else ():
        found = unseen_finding(module, call)
        if found is not None:
            yield found


def find_leftovers(module: Module, covered: set[Span]) -> Iterator[Finding]:
    """Yield what is left beside ``covered``, the places of the section's other findings."""
    for singular in _singular(module):
        covered = covered | {singular.site.span}
        yield singular
    if b"Mount" not in module.source.data:
        return
    unused = list(_unused_variables(module))
    for found in unused:
        yield unused_finding(module, found)
    spans = covered | {module.source.span(found.statement) for found in unused}
    yield from _made_otherwise(module, spans)
    yield from _imports(module)


def _singular(module: Module) -> Iterator[Finding]:
    for call in module.index.calls:
        item = keyword(call, "mount")
        if item is not None and module.symbol(call.func) in DECORATORS | {"modal.App"}:
            yield singular_finding(module, call, item)


def _unused_variables(module: Module) -> Iterator[Definition]:
    """Yield the variables that hold a mount, or a list of mounts, and that nothing reads."""
    for bindings in module.index.module.bindings.values():
        for binding in bindings:
            if binding.kind is BindingKind.ASSIGN and binding.value is not None and _is_mount(module, binding):
                found = Definition(module, binding)
                if found.is_plain and not uses(found) and not _is_exported(module, found.name):
                    yield found


def _is_mount(module: Module, binding: Binding) -> bool:
    value = binding.value
    elements = value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value]
    return bool(elements) and all(each is not None and module.symbol(each) == "modal.Mount()" for each in elements)


def _is_exported(module: Module, name: str) -> bool:
    """Tell whether a name is in ``__all__`` in another way than as an entry of a list, which can be taken out."""
    listed = [*without_exports(module, name)]
    said = [node for node in module.index.strings if node.value == name]
    return len(said) > len(listed) and "__all__" in module.index.module.bindings


def _made_otherwise(module: Module, covered: set[Span]) -> Iterator[Finding]:
    """Yield one finding for each function or statement that makes or names mounts in a way not dealt with."""
    seen: set[Span] = set()
    for node in [*module.index.names, *module.index.attributes]:
        if module.symbol(node) != "modal.Mount":
            continue
        span = module.source.span(node)
        if any(place.contains(span) for place in covered) or is_mounted_elsewhere(module, node):
            continue
        found = mention_finding(module, node)
        if found.site.span not in seen:
            seen.add(found.site.span)
            yield found


def _imports(module: Module) -> Iterator[Finding]:
    """``from modal import Mount`` fails, used or not."""
    for binding in _imported(module):
        texts = [str(string.value) for string in module.index.strings]
        if not any(node.id == binding.name for node in module.index.names) and binding.name not in texts:
            yield import_finding(module, binding)


def _imported(module: Module) -> Iterator[Binding]:
    for bindings in module.index.module.bindings.values():
        for binding in bindings:
            path = f"{binding.module}.{binding.attribute}"
            if binding.kind is BindingKind.IMPORT and modal_names.canonical(path) == "modal.Mount":
                yield binding


def with_imports(module: Module, found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings; the first that is left to a person tells as well where the import stands that fails until then.

    What else is to be done decides whether it can go, so that it is no finding of its own.
    """
    sites = [module.source.site(import_place(module, each)) for each in _imported(module)]
    for each in found:
        if sites and each.rule in {"mount-dynamic", "mount-by-hand"}:
            yield replace(each, sites=tuple(dict.fromkeys((*each.sites, *sites))))
            sites = []
        else:
            yield each
