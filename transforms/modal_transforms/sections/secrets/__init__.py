"""One secret where a list is asked for: ``secret=`` of functions, classes and ``run_function``.

``secret=`` raised before it went in 0.64.55; ``secrets=`` takes a list. ``Image.from_registry`` and its kin, and
``CloudBucketMount``, still take ``secret=``. ``modal.Secret({...})`` is ``Secret.from_dict``.

    @app.function(secret=modal.Secret.from_name("s"))    ->    @app.function(secrets=[modal.Secret.from_name("s")])
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.sections.secrets.detect import find_secrets

SECTION = Section(
    number=0,
    slug="secrets",
    title="Secrets in a list",
    anchor="",
    since="0.56.4902",
    breaks_in="0.62.145",
    subject="give secrets in a list",
    what="app.function, app.cls and Image.run_function take secrets=[...]; secret= is not there any more.",
    why="TypeError as soon as the decorator runs, or the image is defined.",
    before='@app.function(secret=modal.Secret.from_name("s"))\ndef f(): ...',
    after='@app.function(secrets=[modal.Secret.from_name("s")])\ndef f(): ...',
)

SPELLINGS = Spellings((spelled(How.KEYWORD, "secret"),))


def find(module: Module) -> Iterator[Finding]:
    """Yield the single secrets of a file, and the secrets that are made by a call of the class."""
    yield from find_secrets(module, SECTION)
