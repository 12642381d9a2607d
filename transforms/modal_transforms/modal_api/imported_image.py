"""The name of an app's image, imported from the file that the app comes from."""

from __future__ import annotations

import ast

from modal_transforms.analysis.definitions import definitions
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Change, Replace
from modal_transforms.modal_api.deployments import Deployed
from modal_transforms.modal_api.naming import is_free


def app_image_imported(found: Deployed) -> tuple[str | None, tuple[Change, ...]]:
    """Return the name that the image of a function's app has in another file, and the change that imports it here.

    Nothing where it has none there, where the name is taken here, or where nothing is imported from that file yet.
    """
    if not isinstance(found.image, ast.Name) or found.image_module is found.module:
        return None, ()
    home, name = found.image_module, found.image.id
    bindings = home.index.module.bindings.get(name, [])
    if len(definitions(home, found.image)) != 1 or len(bindings) != 1:
        return None, ()
    whole = _name_of_module(found.module, home)
    if whole:
        return f"{whole}.{name}", ()
    if not is_free(found.module, name):
        return None, ()
    statement = _import_from(found.module, home)
    if statement is None:
        return None, ()
    return name, (_with_name(found.module, statement, name),)


def _name_of_module(module: Module, home: Module) -> str:
    """Return the name that a file has for another one as a whole; empty where it has none."""
    for name, bindings in module.index.module.bindings.items():
        value = module.resolve_binding(bindings[0]) if len(bindings) == 1 else None
        if value is not None and value.symbol == "local.module" and value.module.source.path == home.source.path:
            return name
    return ""


def _import_from(module: Module, home: Module) -> ast.ImportFrom | None:
    """Return the first statement of a file, in no block, that imports names from another one."""
    for node in module.tree.body:
        if isinstance(node, ast.ImportFrom) and node.names[0].name != "*" and module.project is not None:
            came = module.project.imported(module.source.path, "." * node.level + (node.module or ""), "")
            if came is not None and came.symbol == "local.module" and came.module.source.path == home.source.path:
                return node
    return None


def _with_name(module: Module, statement: ast.ImportFrom, name: str) -> Replace:
    source = module.source
    last = source.span(statement.names[-1])
    line = source.line_at(last.start).start
    alone = len(statement.names) > 1 and not source.data[line : last.start].strip()
    between = f",{source.newline}{source.indent_at(last.start)}" if alone else ", "
    return Replace(source.path, last._replace(start=last.end), f"{between}{name}")
