"""What no other finding of the section takes away: unused mounts and imports, and mounts made in other ways."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.definitions import Definition, definition, dependents, uses
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.exported import without_exports
from modal_transforms.analysis.index import Binding, BindingKind
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import (
    Applicability,
    Change,
    Choice,
    DropIfUnused,
    DropImport,
    Finding,
    RemoveStatement,
    Span,
)
from modal_transforms.sections.mount.findings import HELPER

GONE = "From 1.0.0 there is no modal.Mount."


def unused_finding(module: Module, found: Definition) -> Finding:
    """State that a mount is not used."""
    place = module.source.span(found.statement)
    listed = tuple(without_exports(module, found.name))
    changes: tuple[Change, ...] = (
        RemoveStatement(module.source.path, place),
        *listed,
        *_imports_that_go(module, found),
    )
    evidence = ("it is in __all__: code of another repository may take it",) if listed else ()
    return module.finding(
        "mount-unused",
        place,
        f"`{found.name}` is a mount that nothing uses, and Mount is gone",
        Applicability.REVIEW if listed else Applicability.SAFE,
        (Choice("delete", "delete it", "None: no function has these files.", changes),),
        (*evidence, *(explain(module, found.value) if found.value is not None else ())),
    )


def _imports_that_go(module: Module, mount: Definition) -> Iterator[DropIfUnused]:
    """Yield the changes that take out imports of local variables that only a mount reads."""
    names = {node.id: node for node in ast.walk(mount.statement) if isinstance(node, ast.Name)}
    for name, node in names.items():
        for binding in module.index.module.bindings.get(name, []):
            if binding.kind is not BindingKind.IMPORT or not binding.attribute:
                continue
            found = definition(module, node)
            if found is not None and all(use.module in (found.module, module) for use in uses(found)):
                statement = module.index.statement(binding.node)
                yield DropIfUnused(module.source.path, module.source.span(statement), name)


def _around(module: Module, node: ast.expr) -> Span:
    """Return what to show for a mention: its decorator, the head of the function around it, else its statement."""
    statement = module.index.statement(node)
    start = module.source.span(statement)
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        span = module.source.span(node)
        decorators = [module.source.span(each) for each in statement.decorator_list]
        return next((each for each in decorators if each.contains(span)), Span(start.start, span.end))
    return start


def import_finding(module: Module, binding: Binding) -> Finding:
    """State that an import of ``Mount`` fails, which nothing in the file reads."""
    place = import_place(module, binding)
    message = "Mount is imported but not used, and from 1.0.0 modal has no such name"
    readers = [other.source.path for other in dependents(module, "Mount") if _takes(other, module, binding.name)]
    if readers:
        advice = f"Take it out here once nothing imports it from here: {', '.join(readers)}."
        message = "Mount is imported for other files, and from 1.0.0 modal has no such name"
        return module.finding("mount-import", place, message, Applicability.MANUAL, advice=advice)
    drop = DropImport(module.source.path, binding.name)
    choice = Choice("delete", "delete the import", "None: nothing uses it.", (drop,))
    shown = module.source.path.endswith("__init__.py")
    level = Applicability.REVIEW if shown else Applicability.SAFE
    evidence = ("other files may import it from this package",) if shown else ()
    return module.finding("mount-import", place, message, level, (choice,), evidence)


def import_place(module: Module, binding: Binding) -> Span:
    """Return where the statement that imports a name has it."""
    node = binding.node
    assert isinstance(node, ast.ImportFrom)
    return module.source.span(next(each for each in node.names if (each.asname or each.name) == binding.name))


def _takes(other: Module, home: Module, name: str) -> bool:
    """Tell whether a file imports a name of another local file, from there or from a third that has it too."""
    for node in other.index.imports:
        if not isinstance(node, ast.ImportFrom) or other.project is None:
            continue
        came = other.project.imported(other.source.path, "." * node.level + (node.module or ""), "")
        if came is None or not any(alias.name in {name, "*"} for alias in node.names):
            continue
        if came.module.source.path == home.source.path or name in came.module.index.module.bindings:
            return True
    return False


def singular_finding(module: Module, call: ast.Call, item: ast.keyword) -> Finding:
    """``mount=`` was never a parameter, whatever the guide writes."""
    return module.finding(
        "mount-singular",
        module.source.span(item),
        "mount= is no parameter and never was one",
        Applicability.MANUAL,
        evidence=explain(module, call.func),
        advice="Every SDK raises TypeError here. Delete it, and add the files to the image: "
        'image=image.add_local_dir("data", "/data").',
    )


def mention_finding(module: Module, node: ast.expr) -> Finding:
    """State that a function or statement makes or names mounts in a way not dealt with, at the line to show for it."""
    evidence = (*explain(module, node), GONE)
    advice = f"Let this code add to an image instead of making a mount. {HELPER}"
    message = "Mount is gone, and where these files go shows only at run time"
    place = _around(module, node)
    return module.finding("mount-dynamic", [place], message, Applicability.MANUAL, evidence=evidence, advice=advice)
