"""Calls of functions and apps as they were before 0.56: ``f.call()``, ``f()``, ``gather``, ``app.spawn_sandbox``.

A function is called with ``.remote()`` where ``.call()`` was, or ``.remote_gen()`` where it yields. The rest of what
calls were named then has new names, too; a direct call ``f(x)`` has to say where it is to run.

    f.call(1)        ->    f.remote(1)
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.rows import find_rows
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.sections.old_calls.detect import find_calls
from modal_transforms.sections.old_calls.looked_up import LOOKED_UP, as_functions
from modal_transforms.sections.old_calls.of_the_app import find_functions
from modal_transforms.sections.old_calls.raw_functions import RULE, find_tested, with_local
from modal_transforms.sections.old_calls.rows import TABLE

SECTION = Section(
    number=0,
    slug="old-calls",
    title="Calls by old names",
    anchor="",
    since="",
    breaks_in="0.55.3849",
    subject="call functions and apps by today's names",
    what=(
        "f.call is f.remote, or f.remote_gen where f yields; submit is spawn, functions.gather is FunctionCall.gather, "
        "app.spawn_sandbox is Sandbox.create; functions are not called directly."
    ),
    why="AttributeError or TypeError, and only when the line is run: no import shows it.",
    before="f.call(1)",
    after="f.remote(1)",
)

SPELLINGS = Spellings((spelled(How.METHOD, "call submit spawn_sandbox get_raw_f"), spelled(How.IMPORT, "gather")))


_MORE = {RULE: with_local, LOOKED_UP: as_functions}
"""What else is found out about the rows that have a judgement in them."""


def find(module: Module) -> Iterator[Finding]:
    """Yield the calls of a file that have other names now."""
    for finding in find_rows(module, SECTION, TABLE):
        more = _MORE.get(finding.rule)
        yield more(module, finding) if more is not None else finding
    yield from find_calls(module, SECTION)
    yield from find_functions(module, SECTION)
    yield from find_tested(module, SECTION)
