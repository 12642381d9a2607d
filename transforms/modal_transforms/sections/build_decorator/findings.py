"""The findings of the section: which choices a build method has, and why it has not the others."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator

from modal_transforms.analysis.index import walk
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.modal_imports import modal_imports, uses
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, DropImport, Finding, Section
from modal_transforms.sections.build_decorator.choices import at_build, by_hand, cached, without_build
from modal_transforms.sections.build_decorator.extraction import NotExtractable, extract, removal
from modal_transforms.sections.build_decorator.frameworks import Download, downloads
from modal_transforms.sections.build_decorator.methods import BUILD, BuildMethod, build_methods
from modal_transforms.sections.build_decorator.volumes import cache, directory, may_mount

_ADVICE = (
    "Move what the method does into a function of the file and run it with Image.run_function(…, timeout=86400) on the "
    "class's image; or download into a modal.Volume that the class mounts."
)


def methods(module: Module, section: Section) -> Iterator[Finding]:
    """Yield a finding for each build method."""
    for method in build_methods(module):
        yield _finding(method, section)


def _finding(method: BuildMethod, section: Section) -> Finding:
    module = method.module
    place = module.source.span(method.decorator)
    name = f"{method.owner.name}.{method.node.name}"
    evidence = [*module.evidence(method.decorator), *_ran_for(method)]
    if method.is_empty and not method.enters:
        change = removal(module, method.owner, method.node)
        remove = Choice("remove", "delete the method", "None: it does nothing while the image is built.", (change,))
        message = f"{name} runs while the image is built, and does nothing"
        return module.finding(section, "build-empty", place, message, Applicability.REVIEW, (remove,), tuple(evidence))
    choices, reasons = _choices(method)
    message = f"{name} runs while the image is built, by a decorator that is gone from 1.1.0"
    if not choices:
        advice = " ".join(["; ".join(reasons) + "." if reasons else "", _ADVICE]).strip()
        return module.finding(
            section, "build-method", place, message, Applicability.MANUAL, (), tuple(evidence), advice
        )
    rule = "build-stacked" if method.enters else "build-method"
    return module.finding(section, rule, place, message, Applicability.REVIEW, tuple(choices), (*evidence, *reasons))


def _ran_for(method: BuildMethod) -> Iterator[str]:
    if method.is_called and not method.enters:
        yield f"other methods call {method.node.name}, so the class keeps it"
    names = [found.name for found in method.classes if found.definition is not method.owner]
    if names:
        yield f"{method.owner.name} is inherited by {', '.join(names)}"
    for found in sorted(downloads(method), key=lambda each: each.line):
        yield f"line {found.line}: {found.call} keeps its files in the cache of {found.framework.name}"


def _choices(method: BuildMethod) -> tuple[list[Choice], list[str]]:
    """Return the choices, the recommended one first, and why there are no others."""
    plain = [without_build(method)] if method.enters else []
    reasons: list[str] = []
    if not method.classes:
        return plain, ["no class of an app is seen that has this method"]
    loads = downloads(method)
    kept = cache(method, loads)
    found: list[Choice | None] = [cached(method, kept), *plain] if kept is not None else [*plain]
    try:
        function = extract(method)
    except NotExtractable as reason:
        reasons.append(f"it cannot be a function for Image.run_function: {reason}")
    else:
        found.append(at_build(method, function))
        if found[-1] is None:
            reasons.append(
                "Image.run_function is not offered: the class's image or options are shared or cannot be told"
            )
        place = _place(method, loads)
        if place:
            found.append(by_hand(method, function, place))
    return [each for each in found if each is not None], reasons


def _place(method: BuildMethod, loads: tuple[Download, ...]) -> str:
    """Return the one directory that a method writes to, as an expression."""
    for load in loads:
        if load.directory is not None:
            return directory(method, load.directory)
    if loads:
        return ""
    found = {text for node in walk(method.node) for text in [_folder(method, node)] if text}
    return found.pop() if len(found) == 1 else ""


def _folder(method: BuildMethod, node: ast.AST) -> str:
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


def leftovers(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the calls of ``modal.build`` that decorate nothing."""
    decorators = {each for node in module.index.functions for each in node.decorator_list}
    for call in module.index.calls:
        if call in decorators or module.symbol(call.func) not in BUILD:
            continue
        if module.symbol(call.func) == "modal.build()" or module.index.parents.get(call) is None:
            continue
        yield module.finding(
            section,
            "build-call",
            module.source.span(call),
            "modal.build is called, not used as a decorator",
            Applicability.MANUAL,
            (),
            module.evidence(call.func),
            _ADVICE,
        )


def imports(module: Module, section: Section) -> Iterator[Finding]:
    """Yield the imports of ``build`` that nothing uses: they alone make the file fail."""
    for imported in modal_imports(module.index):
        is_build = imported.path in {"modal.build", "modal.partial_function.build"}
        if is_build and isinstance(imported.statement, ast.ImportFrom) and not uses(module.index, imported):
            shown = module.source.path.endswith("__init__.py")
            yield module.finding(
                section,
                "build-import",
                module.source.span(imported.alias),
                "modal.build cannot be imported from 1.1.0 on",
                Applicability.REVIEW if shown else Applicability.SAFE,
                (
                    Choice(
                        "remove",
                        "remove the import",
                        "None: nothing here uses it.",
                        (DropImport(module.source.path, imported.name),),
                    ),
                ),
                ("other files may import it from this package",) if shown else (),
            )
