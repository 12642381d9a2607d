"""How a name of ``modal`` is written in a file: by the module, by a from-import, under the alias that is there."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from modal_transforms.analysis.index import Binding, BindingKind, Scope
from modal_transforms.analysis.modal_imports import only_for_types
from modal_transforms.analysis.module import Module
from modal_transforms.core import modal_names
from modal_transforms.core.model import Change, NeedName


def modal_name(module: Module, at: ast.AST, name: str) -> tuple[str, tuple[Change, ...]]:
    """Return how to write a name of ``modal`` at a node, and the changes that make it available there.

    What is imported already is used, under its alias. Files that only know from-imports get one more name, unless
    the bare name is taken anywhere in the file: ``concurrent`` is, where ``concurrent.futures`` is imported.
    """
    path = module.source.path
    known = _imported_as(module, at, f"modal.{name}")
    if known is not None:
        return known, ()
    whole = _imported_as(module, at, "modal")
    if whole is not None:
        return f"{whole}.{name}", ()
    if is_free(module, name) and any(_binds_part_of_modal(binding) for binding in _visible(module, at)):
        return name, () if _is_starred(module) else (NeedName(path, name),)
    if is_free(module, "modal"):
        return f"modal.{name}", (NeedName(path, "modal"),)
    alias = name if is_free(module, name) else f"modal_{name}"
    return alias, (NeedName(path, name if alias == name else f"{name} as {alias}"),)


def bare_name(module: Module, at: ast.AST, name: str) -> tuple[str, tuple[Change, ...]]:
    """Return how to write a name of ``modal`` where another one stood that came by a from-import."""
    known = _imported_as(module, at, f"modal.{name}")
    if known is None and is_free(module, name):
        return name, () if _is_starred(module) else (NeedName(module.source.path, name),)
    return (known, ()) if known is not None else modal_name(module, at, name)


def _imported_as(module: Module, at: ast.AST, symbol: str) -> str | None:
    """Return the name by which an import gives a symbol at a node."""
    scope = _scope(module, at)
    for binding in _visible(module, at):
        if _stands_for(binding) == symbol and not _is_old(binding, symbol):
            others = scope.find(binding.name)
            if binding in others and all(_agrees(module, other, symbol) for other in others):
                return binding.name
    return None


def _stands_for(binding: Binding) -> str:
    dotted = f"{binding.module}.{binding.attribute}" if binding.attribute else binding.module
    return modal_names.canonical(dotted)


def _is_old(binding: Binding, symbol: str) -> bool:
    """Tell whether an import takes a symbol by a name that it had before: ``Stub`` for ``modal.App``."""
    return bool(binding.attribute) and binding.attribute != symbol.rpartition(".")[2]


def _agrees(module: Module, binding: Binding, symbol: str) -> bool:
    """Tell whether a binding gives the symbol, or is the ``None`` of a guarded import."""
    if isinstance(binding.value, ast.Constant) and binding.value.value is None:
        return True
    value = module.resolve_binding(binding)
    return value is not None and value.symbol == symbol and value.sure


def _visible(module: Module, at: ast.AST) -> Iterator[Binding]:
    """Yield the imports of Modal's that a name at a node may see when it runs, inside out."""
    own = _scope(module, at)
    line = getattr(at, "lineno", 1)
    for scope in own.enclosing():
        for binding in module.once(_imports_of_modal).get(scope, ()):
            later = scope is own and getattr(binding.node, "lineno", 0) > line
            if not later and not only_for_types(module.index, binding.node):
                yield binding


def _imports_of_modal(module: Module) -> dict[Scope, list[Binding]]:
    """Return the imports of each scope that stand for Modal or a part of it."""
    found: dict[Scope, list[Binding]] = {}
    for scope in (module.index.module, *module.index.inner.values()):
        for binding in itertools.chain.from_iterable(scope.bindings.values()):
            if binding.kind is BindingKind.IMPORT and _stands_for(binding).partition(".")[0] == "modal":
                found.setdefault(scope, []).append(binding)
    return found


def _scope(module: Module, at: ast.AST) -> Scope:
    return module.index.scopes.get(at, module.index.module)


def _binds_part_of_modal(binding: Binding) -> bool:
    return bool(binding.attribute) and (binding.module == "modal" or binding.module.startswith("modal."))


def _is_starred(module: Module) -> bool:
    return any(binding.module == "modal" for binding in module.index.module.bindings.get("*", []))


def is_free(module: Module, name: str) -> bool:
    """Tell whether nothing in the file binds or reads a name."""
    return name not in module.once(_used)


def _used(module: Module) -> frozenset[str]:
    """Return the names that a file binds or reads."""
    scopes = (module.index.module, *module.index.inner.values())
    bound = itertools.chain.from_iterable(scope.bindings for scope in scopes)
    return frozenset((*bound, *(node.id for node in module.index.names)))
