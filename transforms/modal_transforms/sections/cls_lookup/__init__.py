"""Methods of deployed classes: look the class up, make an instance, call the method.

``Function.from_name("app", "Cls.method")`` is refused from 1.4.0 on. ``MyCls.method.remote()`` without an instance
warns since 0.73.76; from 1.2.0 on reading the method is silent and only the remote call raises.
Guide: https://modal.com/docs/guide/modal-1-0-migration#simplifying-cls-lookup-patterns

    Function.from_name("app", "Model.run")    ->    Cls.from_name("app", "Model")().run
    Model.run.remote(1)                       ->    Model().run.remote(1)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.classes import Source, bases, method, source_of
from modal_transforms.modal_api.lookups.tokens import method as call_of
from modal_transforms.modal_api.lookups.tokens import names_a_method
from modal_transforms.modal_api.spellings import Spellings
from modal_transforms.sections.cls_lookup.choices import CALLS, followed
from modal_transforms.sections.cls_lookup.findings import class_finding, name_finding, unsure_findings
from modal_transforms.sections.cls_lookup.look_alikes import BY_NAME, OF_CLASSES

SECTION = Section(
    number=10,
    slug="cls-lookup",
    title="Cls lookup patterns",
    anchor="simplifying-cls-lookup-patterns",
    since="0.73.26",
    breaks_in="1.2.0",
    subject="instantiate classes before calling their methods",
    what=("A method of a deployed class is called on an instance: look the class up, instantiate it, call the method."),
    why=(
        "From 1.2.0 a method of a class that was not instantiated cannot be called, and from 1.4.0 "
        '"Cls.method" is not a function name.'
    ),
    before=('f = modal.Function.from_name("app", "Model.run")\nf.remote(1)'),
    after=('run = modal.Cls.from_name("app", "Model")().run\nrun.remote(1)'),
)

SPELLINGS = Spellings((OF_CLASSES, BY_NAME))

_OWN = frozenset(
    "from_name from_local lookup with_options with_concurrency with_batching hydrate resolve object_id client app name "
    "is_hydrated deps local_uuid remote keep_warm update_autoscaler aio validate_construction_mechanism".split()
)
"""Attributes of ``modal.Cls`` itself."""
_METHODS = frozenset(
    f"modal.{name}" for name in "method web_endpoint fastapi_endpoint asgi_app wsgi_app web_server batched".split()
)
"""Decorators that make a method one that Modal can call."""
_LOOKUPS = frozenset({"modal.Function.lookup", "modal.Function.from_name"})


def find(module: Module) -> Iterator[Finding]:
    """Yield the functions looked up as ``Cls.method``, and the methods of classes that were not instantiated."""
    yield from _find_names(module)
    yield from _find_uninstantiated(module)


def _find_names(module: Module) -> Iterator[Finding]:
    """Yield the functions that are looked up as ``Cls.method``."""
    for call in module.index.calls:
        found = call_of(module, call, "lookup") or call_of(module, call, "from_name")
        if found is not None and names_a_method(module, call) and module.symbol(found.attribute) in _LOOKUPS:
            yield name_finding(found)


def _find_uninstantiated(module: Module) -> Iterator[Finding]:
    """Yield the methods that are read from a class instead of an instance of it."""
    for node in module.index.attributes:
        if not isinstance(node.ctx, ast.Load) or node.attr in _OWN or node.attr.startswith("_"):
            continue
        value = module.resolve(node.value)
        if value is None or not value.sure:
            if followed(module, node) in CALLS and isinstance(node.value, ast.Name):
                yield from unsure_findings(module, node, node.value)
        elif value.symbol == "modal.Cls()" and _is_method(module, node, source := source_of(module, node.value)):
            yield class_finding(module, node, source)


def _is_method(module: Module, node: ast.Attribute, source: Source | None) -> bool:
    """Tell whether an attribute of a class is a method that Modal calls."""
    if source is not None and source.definition is not None:
        return _defines(source.module, source.definition, node.attr)
    return followed(module, node) in CALLS or (source is not None and _is_passed_on(module, node))


def _is_passed_on(module: Module, node: ast.Attribute) -> bool:
    parent = module.index.parents[node]
    return not isinstance(parent, (ast.Attribute, ast.Expr)) and not (
        isinstance(parent, ast.Call) and parent.func is node
    )


def _defines(home: Module, node: ast.ClassDef, name: str) -> bool:
    found = method(node, name)
    if found is None:
        for module, base, _ in bases(home, node):
            found = method(base, name) if base is not None else None
            if found is not None:
                home = module
                break
    if found is None:
        return False
    return any(symbol.removesuffix("()") in _METHODS for _, symbol in home.decorators(found))
