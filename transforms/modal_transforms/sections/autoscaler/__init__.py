"""Renamed autoscaler parameters: ``keep_warm``, ``concurrency_limit``, ``container_idle_timeout``.

The keywords of ``App.function``, ``App.cls`` and ``Cls.with_options`` have new names since 0.73.76; from 1.4.0 the
old ones raise by mere presence, even set to ``None``. The method ``.keep_warm(n)`` went in 1.4.0 as well.
Guide: https://modal.com/docs/guide/modal-1-0-migration#renaming-autoscaler-parameters

    @app.function(keep_warm=1)        ->    @app.function(min_containers=1)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.option_flow import DictFlow
from modal_transforms.modal_api.option_keys import Key, keys, reached, together
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.modal_api.text_names import find_in_texts, renamed
from modal_transforms.sections.autoscaler.choices import NEW_NAMES
from modal_transforms.sections.autoscaler.findings import (
    OPTIONS,
    call_finding,
    key_finding,
    keyword_finding,
    method_finding,
)

SECTION = Section(
    number=5,
    slug="autoscaler",
    title="Autoscaler parameters",
    anchor="renaming-autoscaler-parameters",
    since="0.73.76",
    breaks_in="1.4.0",
    subject="rename autoscaler parameters",
    what=(
        "keep_warm is now min_containers, concurrency_limit is max_containers, container_idle_timeout is "
        "scaledown_window, and buffer_containers has left its experimental name."
    ),
    why=(
        "From 1.4.0 the old names raise DeprecationError as soon as the decorator runs, even when set to None. "
        "The values mean what they meant."
    ),
    before="@app.function(keep_warm=1, container_idle_timeout=300)\ndef embed(text): ...",
    after="@app.function(min_containers=1, scaledown_window=300)\ndef embed(text): ...",
)

SPELLINGS = Spellings(
    (
        spelled(How.KEYWORD, "keep_warm concurrency_limit container_idle_timeout _experimental_buffer_containers"),
        spelled(How.METHOD, "keep_warm"),
    )
)

NAMES = tuple(renamed(old, new, keyword=True) for old, new in NEW_NAMES.items())
"""What comments, docstrings and prose call by their old names."""

_TAKERS = frozenset({"modal.App().function", "modal.App().cls", OPTIONS})
_KEEP_WARM = frozenset({"modal.Function().keep_warm", "modal.Obj().keep_warm"})


def find(module: Module) -> Iterator[Finding]:
    """Yield the renamed keywords and the ``.keep_warm()`` calls of a file."""
    yield from _find_old_names(module)
    yield from find_in_texts(module, SECTION, NAMES)


def _find_old_names(module: Module) -> Iterator[Finding]:
    """Yield the renamed keywords, the ``.keep_warm()`` calls, and the keys of dicts that carry old names to Modal."""
    for call in module.index.calls:
        callee = module.symbol(call.func)
        if callee in _TAKERS:
            for item in call.keywords:
                if item.arg in NEW_NAMES:
                    yield keyword_finding(module, call, item, callee)
        elif callee == "modal.method" and (ignored := keyword(call, "keep_warm")) is not None:
            yield method_finding(module, call, ignored)
        elif callee.removesuffix(".aio") in _KEEP_WARM and (name := _method_name(call)) is not None:
            yield call_finding(module, call, name)
    for group in together(module, _entries):
        yield key_finding(module, group)


def _entries(module: Module) -> tuple[tuple[Key, DictFlow], ...]:
    """Return the keys of a file whose entries reach Modal, with where they go."""
    followed = ((key, reached(key)) for key in keys(module, NEW_NAMES))
    return tuple((key, found) for key, found in followed if found.calls)


def _method_name(call: ast.Call) -> ast.Attribute | None:
    """Return the ``value.keep_warm`` of a call with one argument, also where ``.aio`` follows."""
    name = call.func
    if isinstance(name, ast.Attribute) and name.attr == "aio":
        name = name.value
    return name if isinstance(name, ast.Attribute) and len(call.args) + len(call.keywords) == 1 else None
