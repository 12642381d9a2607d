"""Methods that a container ran because of their names: ``__enter__``, ``__aenter__``, ``__exit__``, ``__aexit__``.

Since 0.57 a container runs what ``@modal.enter()`` and ``@modal.exit()`` mark. The names raised errors for a while;
from 0.72 on nothing says anything, and the methods are not run: the first use of what they load fails. Classes count
that are given to Modal, here or in another file, and their base classes.

    def __enter__(self): ...        ->    @modal.enter()
                                          def enter_container(self): ...
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.sections.lifecycle_hooks.detect import find_hooks

SECTION = Section(
    number=0,
    slug="lifecycle-hooks",
    title="Methods run by their names",
    anchor="",
    since="0.57.60",
    breaks_in="0.62.203",
    subject="mark what containers run when they start and end",
    what="__enter__ and __exit__ of a class are not run by containers any more; @modal.enter() and @modal.exit() are.",
    why="Nothing warns: the method is skipped, and the first use of what it loads raises AttributeError.",
    before="@app.cls()\nclass Model:\n    def __enter__(self):\n        self.model = load()",
    after="@app.cls()\nclass Model:\n    @modal.enter()\n    def enter_container(self):\n        self.model = load()",
)

SPELLINGS = Spellings((spelled(How.METHOD, "__enter__ __aenter__ __exit__ __aexit__"),))


def find(module: Module) -> Iterator[Finding]:
    """Yield the methods of a file's classes that containers ran because of their names."""
    yield from find_hooks(module, SECTION)
