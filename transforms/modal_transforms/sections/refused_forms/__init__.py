"""Forms that the SDK took once and refuses now: values, arguments by position, parameters of functions.

image.env({"WORKERS": 4})    ->    image.env({"WORKERS": "4"})
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import Spellings
from modal_transforms.sections.refused_forms.calls import find_calls
from modal_transforms.sections.refused_forms.definitions import find_definitions
from modal_transforms.sections.refused_forms.modules import find_modules
from modal_transforms.sections.refused_forms.results import find_results

SECTION = Section(
    number=0,
    slug="refused-forms",
    title="Forms that are refused now",
    anchor="",
    since="",
    breaks_in="",
    subject="write what the SDK takes today",
    what=(
        "Values of env() are strings, arguments are named, retries= does not go with generators, asgi_app goes over "
        "functions without parameters, patterns of listdir are recursive=True; others are explained."
    ),
    why="The SDK raises InvalidError or TypeError when the line is run, or what comes back is another thing.",
    before='image.env({"WORKERS": 4})',
    after='image.env({"WORKERS": "4"})',
)

SPELLINGS = Spellings()


def find(module: Module) -> Iterator[Finding]:
    """Yield the forms in a file that the SDK refuses now."""
    yield from find_calls(module, SECTION)
    yield from find_definitions(module, SECTION)
    yield from find_results(module, SECTION)
    yield from find_modules(module, SECTION)
