"""What apps, images and classes offered a running program before 0.63.

``image.run_inside()`` is ``image.imports()``; ``app.is_inside()`` asks what ``modal.is_local()`` answers, or is an
``image.imports()`` as well; ``app.image`` is a variable of one's own; a class needs no ``ClsMixin``, and
``Model.remote(...)`` is its constructor.

    class Model(ClsMixin): ...          ->    class Model: ...
    Model.remote(size=1)                ->    Model(size=1)
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.rows import NameRow, Table, find_rows
from modal_transforms.sections.app_objects.app_image import find_images
from modal_transforms.sections.app_objects.classes import find_classes
from modal_transforms.sections.app_objects.inside import find_questions

SECTION = Section(
    slug="app-objects",
    title="What apps and classes offered",
    breaks_in="0.56.4322",
    subject="ask images and the module, not the app",
    what=(
        "run_inside is imports, is_inside is modal.is_local, app.image is a variable; classes need no ClsMixin and no "
        "remote(...) to be constructed."
    ),
    why="ImportError or AttributeError; app.image = ... only sets an attribute from 1.6.0 on, and no function uses it.",
    before="with image.run_inside():\n    import torch",
    after="with image.imports():\n    import torch",
)

_TABLE = Table(
    [
        NameRow(rule="run-inside", old="modal.Image().run_inside", new="modal.Image().imports", gone="0.62.80"),
        NameRow(
            rule="container-app",
            old="modal.container_app",
            gone="0.53.3720",
            advice="Read what you need of it from a variable of the module.",
        ),
        NameRow(
            rule="interactive-shell",
            old="modal.App().interactive_shell",
            gone="0.61.109",
            advice="Run `modal shell FILE::FUNCTION`.",
        ),
        NameRow(rule="description", old="modal.App().set_description", advice="Delete it; App(...) has the name."),
        NameRow(
            rule="indexed-objects",
            old="modal.App().indexed_objects",
            advice="Keep the functions and classes in a dict of your own; registered_functions warns, too.",
        ),
    ]
)


def find(module: Module) -> Iterator[Finding]:
    """Yield what a file asks of apps, images and classes that they do not offer any more."""
    yield from find_rows(module, _TABLE)
    yield from find_classes(module)
    yield from find_questions(module)
    yield from find_images(module)
