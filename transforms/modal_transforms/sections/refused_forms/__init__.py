"""Forms that the SDK took once and refuses now: values, arguments by position, parameters of functions.

image.env({"WORKERS": 4})    ->    image.env({"WORKERS": "4"})
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.modal_imports import modal_imports
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import AddLine, Applicability, Choice, Finding, Section
from modal_transforms.modal_api.guards import is_guarded
from modal_transforms.sections.refused_forms.calls import find_calls
from modal_transforms.sections.refused_forms.definitions import find_definitions
from modal_transforms.sections.refused_forms.results import find_results

SECTION = Section(
    slug="refused-forms",
    title="Forms that are refused now",
    subject="write what the SDK takes today",
    what=(
        "Values of env() are strings, arguments are named, retries= does not go with generators, asgi_app goes over "
        "functions without parameters, patterns of listdir are recursive=True; others are explained."
    ),
    why="The SDK raises InvalidError or TypeError when the line is run, or what comes back is another thing.",
    before='image.env({"WORKERS": 4})',
    after='image.env({"WORKERS": "4"})',
)

_RUNNER = "modal.runner"


def find(module: Module) -> Iterator[Finding]:
    """Yield the forms in a file that the SDK refuses now."""
    yield from find_calls(module)
    yield from find_definitions(module)
    yield from find_results(module)
    yield from _find_modules(module)


def _find_modules(module: Module) -> Iterator[Finding]:
    """Yield the first place of a file that reads ``modal.runner`` without importing it."""
    if b"runner" not in module.source.data:
        return
    imports = list(modal_imports(module.index))
    if any(each.path.startswith(_RUNNER) for each in imports):
        return
    plain = [each.statement for each in imports if each.path == "modal" and isinstance(each.statement, ast.Import)]
    reads = [node for node in module.index.attributes if node.attr == "runner" and module.symbol(node) == _RUNNER]
    reads = [node for node in reads if not is_guarded(module, node)]
    if not plain or not reads:
        return
    added = AddLine(module.source.path, module.source.span(plain[0]), f"import {_RUNNER}")
    yield module.finding(
        "module-import",
        [module.source.attribute_word(node) for node in reads],
        "import modal does not load modal.runner any more",
        Applicability.REVIEW,
        (Choice("import", f"import {_RUNNER}", "None at run time: it is the same module.", (added,)),),
        explain(module, reads[0]),
        breaks_in="0.64.166",
    )
