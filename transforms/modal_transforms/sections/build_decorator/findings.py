"""What is said of a build method, and why it has not all choices."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.index import FunctionNode
from modal_transforms.analysis.modal_imports import Imported
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, DropImport, Finding, Span
from modal_transforms.modal_api.classes import ModalClass
from modal_transforms.modal_api.reexports import left_out, said_of, takers
from modal_transforms.sections.build_decorator.choices import method_choices
from modal_transforms.sections.build_decorator.extraction import removal
from modal_transforms.sections.build_decorator.frameworks import downloads
from modal_transforms.sections.build_decorator.methods import BuildMethod

_ADVICE = (
    "Move what the method does into a function of the file and run it with Image.run_function(…, timeout=86400) on the "
    "class's image; or download into a modal.Volume that the class mounts."
)
_DUNDER_ADVICE = (
    "Move what it does into a function of the file and run it with Image.run_function(…, timeout=86400) on the class's "
    "image; or download into a modal.Volume that the class mounts. Where the program runs well without it, delete it."
)


def method_finding(method: BuildMethod) -> Finding:
    """State what becomes of a build method."""
    module = method.module
    place = module.source.span(method.decorator)
    name = f"{method.owner.name}.{method.node.name}"
    evidence = [*explain(module, method.decorator), *_ran_for(method)]
    if method.is_empty and not method.enters:
        change = removal(module, method.owner, method.node)
        remove = Choice("remove", "delete the method", "None: it does nothing while the image is built.", (change,))
        message = f"{name} runs while the image is built, and does nothing"
        return module.finding("build-empty", place, message, Applicability.REVIEW, (remove,), tuple(evidence))
    choices, reasons = method_choices(method)
    message = f"{name} runs while the image is built, by a decorator that is gone from 1.1.0"
    if not choices:
        advice = " ".join(["; ".join(reasons) + "." if reasons else "", _ADVICE]).strip()
        return module.finding("build-method", place, message, Applicability.MANUAL, (), tuple(evidence), advice)
    rule = "build-stacked" if method.enters else "build-method"
    return module.finding(rule, place, message, Applicability.REVIEW, tuple(choices), (*evidence, *reasons))


def _ran_for(method: BuildMethod) -> Iterator[str]:
    if method.is_called and not method.enters:
        yield f"other methods call {method.node.name}, so the class keeps it"
    names = [found.name for found in method.classes if found.definition is not method.owner]
    if names:
        yield f"{method.owner.name} is inherited by {', '.join(names)}"
    for found in sorted(downloads(method), key=lambda each: each.line):
        where = f"the cache of {found.framework.name}"
        if found.directory is not None:
            where = f"the folder that it is given, {ast.unparse(found.directory)}"
        yield f"line {found.line}: {found.call} keeps its files in {where}"


def dunder_finding(module: Module, found: ModalClass, node: FunctionNode) -> Finding:
    """State that a method of a Modal class is known as a build method by its name alone."""
    start = module.source.span(node).start
    place = Span(start, start + module.source.data[start:].index(b"("))
    message = f"{found.node.name}.{node.name} is called by no SDK since 0.65, without a word"
    evidence = explain(module, found.call.func)
    return module.finding("build-dunder", place, message, Applicability.MANUAL, (), evidence, _DUNDER_ADVICE)


def call_finding(module: Module, call: ast.Call) -> Finding:
    """State that ``modal.build`` is called and decorates nothing."""
    place, message = module.source.span(call), "modal.build is called, not used as a decorator"
    evidence = explain(module, call.func)
    return module.finding("build-call", place, message, Applicability.MANUAL, (), evidence, _ADVICE)


def import_finding(module: Module, imported: Imported) -> Finding:
    """State that an import of ``build`` fails, which nothing in the file needs."""
    shown, readers = module.source.path.endswith("__init__.py"), takers(module, imported.name)
    drop = DropImport(module.source.path, imported.name)
    return module.finding(
        "build-import",
        module.source.span(imported.alias),
        "modal.build cannot be imported from 1.1.0 on",
        Applicability.REVIEW if shown or readers else Applicability.SAFE,
        (Choice("remove", "remove the import", "None: nothing here uses it.", (drop, *left_out(readers))),),
        (*said_of(readers), *(["other files may import it from this package"] if shown else [])),
    )
