"""Methods of deployed classes: look the class up, make an instance, call the method.

``Function.from_name("app", "Cls.method")`` is refused from 1.4.0 on. ``MyCls.method.remote()`` without an instance
warns since 0.73.76; from 1.2.0 on reading the method is silent and only the remote call raises.
Guide: https://modal.com/docs/guide/modal-1-0-migration#simplifying-cls-lookup-patterns

    Function.from_name("app", "Model.run")    ->    Cls.from_name("app", "Model")().run
    Model.run.remote(1)                       ->    Model().run.remote(1)
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import Spellings
from modal_transforms.sections.cls_lookup.detect import find_names, find_uninstantiated
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


def find(module: Module) -> Iterator[Finding]:
    """Yield the functions looked up as ``Cls.method``, and the methods of classes that were not instantiated."""
    yield from find_names(module, SECTION)
    yield from find_uninstantiated(module, SECTION)
