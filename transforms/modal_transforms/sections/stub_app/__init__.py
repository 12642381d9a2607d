"""Stub → App, and the variable ``stub`` → ``app``.

``App`` is there from 0.62.32 on; ``Stub`` warns from 0.62.162 on and is gone in 1.0.0. ``modal deploy`` and ``modal
serve`` look for a variable called ``app`` from 0.62.102 on, and since 0.66 no longer for ``stub``; ``modal run`` takes
any.
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.text_names import find_in_texts, renamed
from modal_transforms.sections.stub_app.detect_class import find_class
from modal_transforms.sections.stub_app.detect_gone import find_gone
from modal_transforms.sections.stub_app.detect_variable import find_variable

SECTION = Section(
    slug="stub-app",
    title="Stub → App",
    since="0.62.162",
    breaks_in="1.0.0",
    subject="rename Stub to App, and stub to app",
    what=(
        "modal.Stub is called modal.App, and takes the same. The variable is called app, which is what modal deploy "
        "and modal serve look for."
    ),
    why=(
        "From 1.0.0 there is no Stub: files that import it fail. Since 0.66 modal deploy FILE no longer finds a "
        "variable called stub unless it is named: FILE::stub."
    ),
    before='stub = modal.Stub("a")\n\n@stub.function()\ndef f(): ...',
    after='app = modal.App("a")\n\n@app.function()\ndef f(): ...',
)

NAMES = (renamed("modal.Stub", "modal.App"),)
"""What comments, docstrings and prose call by its old name."""


def find(module: Module) -> Iterator[Finding]:
    """Yield the class, the variable, and what hung on a stub and has gone."""
    yield from find_class(module)
    yield from find_variable(module)
    yield from find_gone(module)
    yield from find_in_texts(module, SECTION, NAMES)
