"""Options of pip among the packages of ``pip_install``, which takes them apart since 1.0."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import text_of
from modal_transforms.core.model import AddArgument, Applicability, Change, Choice, Finding, RemoveArgument, Replace

_WITH_ARGUMENT = {
    "--index-url": "index_url",
    "-i": "index_url",
    "--extra-index-url": "extra_index_url",
    "--find-links": "find_links",
    "-f": "find_links",
}
"""The options that ``pip_install`` has an argument for."""
_ALONE = frozenset("-U --upgrade --pre --no-deps --no-cache-dir --no-build-isolation --force-reinstall -q".split())
"""The options that take no value."""


def find_options(module: Module) -> Iterator[Finding]:
    """Yield the calls of ``pip_install`` that have options among the packages."""
    for call in module.index.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr == "pip_install":
            packages = [each for arg in call.args for each in (arg.elts if isinstance(arg, ast.List) else [arg])]
            found = [each for each in packages if _has_option(text_of(each) or "")]
            if found and module.symbol(call.func) == "modal.Image().pip_install":
                yield _finding(module, call, found)


def _has_option(package: str) -> bool:
    """Tell whether a text that stands for a package is an option of pip, or has some behind the package."""
    return package.startswith("-") or any(word.startswith("-") for word in package.partition(" ")[2].split())


def _finding(module: Module, call: ast.Call, found: list[ast.expr]) -> Finding:
    changes = _moved(module, call)
    effect = "The same packages; the image is built anew."
    return module.finding(
        "pip-options",
        [module.source.span(each) for each in found],
        "pip_install refuses options among the packages",
        Applicability.REVIEW if changes else Applicability.MANUAL,
        (Choice("options", "give them as arguments", effect, changes),) if changes else (),
        explain(module, call.func),
        "" if changes else 'Write extra_options="..." with the options, or index_url= and its kin.',
        breaks_in="1.0.0",
    )


def _moved(module: Module, call: ast.Call) -> tuple[Change, ...]:
    """Return the changes that give the options as arguments; none where one is not known, or is given already."""
    path, whole = module.source.path, module.source.span(call)
    changes: list[Change] = []
    options: list[str] = []
    given = iter(call.args)
    for each in given:
        text = text_of(each)
        if text is not None and not text.startswith("-") and _has_option(text):
            name, *words = text.split()
            if not _ALONE.issuperset(words):
                return ()
            changes.append(Replace(path, module.source.span(each), f'"{name}"'))
            options += words
            continue
        if text is None or not text.startswith("-"):
            if isinstance(each, (ast.List, ast.Starred)):
                return ()
            continue
        changes.append(RemoveArgument(path, whole, module.source.span(each)))
        name, _, value = text.partition("=") if "=" in text else text.partition(" ")
        if name in _WITH_ARGUMENT:
            following = None if value else next(given, None)
            if not value and text_of(following) is None:
                return ()
            if following is not None:
                changes.append(RemoveArgument(path, whole, module.source.span(following)))
            written = module.source.written(following) if following is not None else f'"{value.strip()}"'
            changes.append(AddArgument(path, whole, f"{_WITH_ARGUMENT[name]}={written}"))
        elif _ALONE.issuperset(text.split()):
            options.append(text)
        else:
            return ()
    if options:
        changes.append(AddArgument(path, whole, f'extra_options="{" ".join(options)}"'))
    known = {"extra_options", *_WITH_ARGUMENT.values()}
    return () if any(item.arg is None or item.arg in known for item in call.keywords) else tuple(changes)
