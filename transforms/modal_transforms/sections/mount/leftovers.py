"""What no other finding of the section takes away: unused mounts and imports, and mounts made in other ways."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.definitions import Definition, Use, dependents, uses
from modal_transforms.analysis.index import Binding, BindingKind
from modal_transforms.analysis.module import Module
from modal_transforms.core import modal_names
from modal_transforms.core.model import Applicability, Choice, DropImport, Finding, RemoveStatement, Span
from modal_transforms.modal_api.deployments import DECORATORS
from modal_transforms.sections.mount.about import SECTION
from modal_transforms.sections.mount.findings import HELPER

GONE = "From 1.0.0 there is no modal.Mount."


def find_leftovers(module: Module, covered: set[Span]) -> Iterator[Finding]:
    """Yield what is left beside ``covered``, the places of the section's other findings."""
    for singular in _singular(module):
        covered = covered | {singular.site.span}
        yield singular
    if b"Mount" not in module.source.data:
        return
    unused = list(_unused_variables(module))
    for found in unused:
        yield _unused(module, found)
    spans = covered | {module.source.span(found.statement) for found in unused}
    yield from _made_otherwise(module, spans)
    yield from _imports(module)


def _singular(module: Module) -> Iterator[Finding]:
    """``mount=`` was never a parameter, whatever the guide writes."""
    for call in module.index.calls:
        item = keyword(call, "mount")
        if item is not None and module.symbol(call.func) in DECORATORS | {"modal.App"}:
            yield module.finding(
                SECTION,
                "mount-singular",
                module.source.span(item),
                "mount= is no parameter and never was one",
                Applicability.MANUAL,
                evidence=module.evidence(call.func),
                advice="Every SDK raises TypeError here. Delete it, and add the files to the image: "
                'image=image.add_local_dir("data", "/data").',
            )


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
    """Tell whether a name is in ``__all__``."""
    return any(node.value == name for node in module.index.strings) and "__all__" in module.index.module.bindings


def _unused(module: Module, found: Definition) -> Finding:
    place = module.source.span(found.statement)
    drop = RemoveStatement(module.source.path, place)
    return module.finding(
        SECTION,
        "mount-unused",
        place,
        f"`{found.name}` is a mount that nothing uses, and Mount is gone",
        Applicability.SAFE,
        (Choice("delete", "delete it", "None: no function has these files.", (drop,)),),
        module.evidence(found.value) if found.value is not None else (),
    )


def _made_otherwise(module: Module, covered: set[Span]) -> Iterator[Finding]:
    """Yield one finding for each function or statement that makes or names mounts in a way not dealt with."""
    seen: set[Span] = set()
    for node in [*module.index.names, *module.index.attributes]:
        if module.symbol(node) != "modal.Mount":
            continue
        span = module.source.span(node)
        if any(place.contains(span) for place in covered) or _is_mounted_elsewhere(module, node):
            continue
        around = _around(module, node)
        if around in seen:
            continue
        seen.add(around)
        evidence = (*module.evidence(node), GONE)
        advice = f"Let this code add to an image instead of making a mount. {HELPER}"
        message = "Mount is gone, and where these files go shows only at run time"
        yield module.finding(
            SECTION, "mount-dynamic", [around], message, Applicability.MANUAL, evidence=evidence, advice=advice
        )


def _is_mounted_elsewhere(module: Module, node: ast.expr) -> bool:
    """Tell whether a mention makes a variable that another file mounts, where the finding is."""
    statement = module.index.statement(node)
    for bindings in module.index.module.bindings.values():
        for binding in bindings:
            if binding.node is statement and binding.kind is BindingKind.ASSIGN:
                readers = [use for use in uses(Definition(module, binding)) if use.module is not module]
                return bool(readers) and all(_is_mounted(use) for use in readers)
    return False


def _is_mounted(use: Use) -> bool:
    around = use.module.index.ancestors(use.node)
    return any(isinstance(node, ast.keyword) and node.arg == "mounts" for node in around)


def _around(module: Module, node: ast.expr) -> Span:
    """Return the line to show for a mention: that of the function around it, else of its statement."""
    statement = module.index.statement(node)
    start = module.source.span(statement)
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return Span(start.start, module.source.span(node).end)
    return start


def _imports(module: Module) -> Iterator[Finding]:
    """``from modal import Mount`` fails, used or not."""
    for bindings in module.index.module.bindings.values():
        for binding in bindings:
            path = f"{binding.module}.{binding.attribute}"
            if binding.kind is BindingKind.IMPORT and modal_names.canonical(path) == "modal.Mount":
                texts = [str(string.value) for string in module.index.strings]
                if not any(node.id == binding.name for node in module.index.names) and binding.name not in texts:
                    yield _unused_import(module, binding)


def _unused_import(module: Module, binding: Binding) -> Finding:
    node = binding.node
    assert isinstance(node, ast.ImportFrom)
    place = module.source.span(next(each for each in node.names if (each.asname or each.name) == binding.name))
    message = "Mount is imported but not used, and from 1.0.0 modal has no such name"
    readers = [other.source.path for other in dependents(module, "Mount") if _takes(other, binding.name)]
    if readers:
        advice = f"Take it out here once nothing imports it from here: {', '.join(readers)}."
        message = "Mount is imported for other files, and from 1.0.0 modal has no such name"
        return module.finding(SECTION, "mount-import", place, message, Applicability.MANUAL, advice=advice)
    drop = DropImport(module.source.path, binding.name)
    choice = Choice("delete", "delete the import", "None: nothing uses it.", (drop,))
    return module.finding(SECTION, "mount-import", place, message, Applicability.SAFE, (choice,))


def _takes(other: Module, name: str) -> bool:
    """Tell whether a file imports a name from another local file."""
    local = [node for node in other.index.imports if isinstance(node, ast.ImportFrom) and node.module != "modal"]
    return any(alias.name in {name, "*"} for node in local for alias in node.names)
