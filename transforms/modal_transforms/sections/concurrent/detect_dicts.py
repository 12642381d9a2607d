"""The keyword as a key of dicts that are splatted into ``app.function`` and ``app.cls``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec.structs import replace

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Change, Choice, Finding, RemoveArgument, Section, Span
from modal_transforms.modal_api.option_flow import DictFlow, Key, keys, reached
from modal_transforms.sections.concurrent.argument import KEYWORD, MESSAGE, is_number, shown, value_text
from modal_transforms.sections.concurrent.targets import Receiver, added, has_own, is_method, means_the_same, receivers

ADVICE = (
    "Take the key out of the dict, and put @modal.concurrent(max_inputs=…) directly under every @app.function and "
    "@app.cls that the dict goes into."
)


def find_in_dicts(section: Section, module: Module) -> Iterator[Finding]:
    """Yield the keys of dicts whose entries reach Modal."""
    for key in keys(module, {KEYWORD}):
        found = reached(module, key)
        if found.calls:
            yield _finding(section, module, key, found)


def _finding(section: Section, module: Module, key: Key, found: DictFlow) -> Finding:
    decorated = [receiver for home, call in found.calls for receiver in receivers(home, call)]
    lines = tuple(f"goes into {home.source.path}, line {call.lineno}" for home, call in found.calls)
    whole = found.complete and all(receivers(home, call) for home, call in found.calls) and key.entry is not None
    choices: tuple[Choice, ...] = ()
    if whole and all(_is_open(module, key, receiver) for receiver in decorated):
        choices = (_choice(module, key, decorated),)
    doubt = "" if is_number(module, key.value) else " max_inputs has to be a whole number: on 1.x None is refused."
    stated = module.finding(
        section,
        "concurrent-dict",
        key.name,
        MESSAGE,
        Applicability.REVIEW if choices else Applicability.MANUAL,
        choices,
        lines,
        f"Check that nothing else reads {KEYWORD} from this dict.{doubt}" if choices else ADVICE,
    )
    calls = [home.source.site(home.source.span(call.func)) for home, call in found.calls]
    return replace(stated, sites=(*stated.sites, *calls))


def _is_open(module: Module, key: Key, receiver: Receiver) -> bool:
    return not is_method(receiver) and means_the_same(module, key.value, receiver)


def _choice(module: Module, key: Key, decorated: list[Receiver]) -> Choice:
    source = module.source
    assert key.entry is not None
    text = value_text(module, Span(source.span(key.value).start, key.entry.end))
    changes: list[Change] = [RemoveArgument(source.path, source.span(key.dict), key.entry)]
    for receiver in decorated:
        if not has_own(receiver) and not _is_none(key.value):
            changes += added(receiver, text)
    places = f"{len(decorated)} places" if len(decorated) > 1 else "one place"
    label = f"modal.concurrent(max_inputs={shown(text)}) in {places}, no longer in the dict"
    return Choice("decorator", label, "The same: max_inputs alone is what the keyword did.", tuple(changes))


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
