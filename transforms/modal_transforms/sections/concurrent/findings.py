"""What is said of the old keyword, and what a person should look at."""

from __future__ import annotations

import ast

from msgspec.structs import replace

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding
from modal_transforms.modal_api.deployments import DECORATORS
from modal_transforms.modal_api.option_flow import DictFlow
from modal_transforms.modal_api.option_keys import Key
from modal_transforms.sections.concurrent.argument import (
    IGNORED,
    KEYWORD,
    MESSAGE,
    NONE,
    ONE,
    Keyword,
    indented,
    is_number,
    written,
)
from modal_transforms.sections.concurrent.choices import (
    decorator_choice,
    delete_option,
    deletion,
    dict_choice,
    is_open,
    options_choice,
    says_nothing,
    several,
)
from modal_transforms.sections.concurrent.targets import (
    Decorated,
    Receiver,
    has_own,
    is_method,
    means_the_same,
    receivers,
)

METHOD = (
    "Modal refuses it on methods: give the limit to the class, with @modal.concurrent(max_inputs=…) under @app.cls."
)
ELSEWHERE = (
    "Take it out, and put @modal.concurrent(max_inputs=…) directly under every decorator that this makes, or "
    "modal.concurrent(max_inputs=…)(f) around the function that it is given."
)
ADVICE = (
    "Take the key out of the dict, and put @modal.concurrent(max_inputs=…) directly under every @app.function and "
    "@app.cls that the dict goes into."
)
OPTIONS = f"{KEYWORD} of with_options is now the method with_concurrency"


def decorator_finding(given: Keyword) -> Finding:
    """State what becomes of the keyword of one ``app.function(...)`` or ``app.cls(...)``."""
    if given.is_none:
        return _unused(given, deletion(given, "delete it", NONE))
    found = receivers(given.module, given.call)
    own = [has_own(receiver) for receiver in found]
    if found and all(own):
        effect = "None at run time: beside @modal.concurrent the keyword has been ignored."
        return _unused(given, deletion(given, "delete it: @modal.concurrent is there already", effect))
    if given.is_one:
        return _one(given, found)
    if any(is_method(receiver) for receiver in found):
        return _manual(given, METHOD)
    reachable = all(means_the_same(given.module, given.item.value, receiver) for receiver in found)
    if not found or any(own) or not reachable:
        return _manual(given, ELSEWHERE)
    text, doubt = written(given)
    single = len(found) == 1 and isinstance(found[0], Decorated)
    return given.module.finding(
        "concurrent-value" if doubt else "concurrent" if single else "concurrent-call",
        given.place,
        MESSAGE,
        Applicability.SAFE if single and not doubt else Applicability.REVIEW,
        (decorator_choice(given, found, text),),
        given.evidence,
        doubt,
    )


def _one(given: Keyword, found: tuple[Receiver, ...]) -> Finding:
    """The limit is 1, which is the default; a person may have meant more where it is given as ``True``."""
    choice = deletion(given, "delete it", ONE)
    if isinstance(given.item.value, ast.Constant) and given.item.value.value is not True:
        return _unused(given, choice)
    told_apart = bool(found) and not any(is_method(receiver) or has_own(receiver) for receiver in found)
    return given.module.finding(
        "concurrent-value",
        given.place,
        f"{IGNORED}; True was 1 here, one input at a time",
        Applicability.REVIEW,
        (choice, several(given, found)) if told_apart else (choice,),
        given.evidence,
        "If several inputs at a time are meant, say how many: @modal.concurrent(max_inputs=…) under the decorator.",
    )


def _unused(given: Keyword, choice: Choice) -> Finding:
    return given.module.finding(
        "concurrent-unused", given.place, IGNORED, Applicability.SAFE, (choice,), given.evidence
    )


def _manual(given: Keyword, advice: str) -> Finding:
    return given.module.finding(
        "concurrent-elsewhere", given.place, MESSAGE, Applicability.MANUAL, (), given.evidence, advice
    )


def options_finding(given: Keyword) -> Finding:
    """State what becomes of the keyword of one ``Model.with_options(...)``."""
    module, call = given.module, given.call
    alone = not call.args and len(call.keywords) == 1
    if given.is_none:
        return _unused(given, delete_option(given, alone))
    text, doubt = written(given)
    text = indented(module, given.place.start, text)
    if any(isinstance(node, (ast.Call, ast.Await, ast.NamedExpr)) for node in ast.walk(given.item.value)):
        doubt += " The value is worked out twice."
    return module.finding(
        "concurrent-options",
        given.place,
        OPTIONS,
        Applicability.REVIEW,
        (options_choice(given, text, alone),),
        given.evidence,
        doubt.strip(),
    )


def wrapper_finding(given: Keyword, start: str) -> Finding:
    """State that the keyword reaches Modal through something that takes any; ``start`` begins the advice."""
    advice = f"{start}modal.concurrent(max_inputs=…) directly under app.function or app.cls where they decorate."
    return given.module.finding(
        "concurrent-elsewhere", given.place, MESSAGE, Applicability.MANUAL, (), given.evidence, advice
    )


def dict_finding(module: Module, key: Key, found: DictFlow) -> Finding:
    """State what becomes of the keyword as a key of a dict that reaches Modal."""
    decorated = [receiver for home, call in found.calls for receiver in receivers(home, call)]
    lines = [f"{read.where} reads the key" for read in found.reads if read.name != key.name]
    whole = found.complete and not lines and key.entry is not None
    whole = whole and all(home.symbol(call.func) in DECORATORS and receivers(home, call) for home, call in found.calls)
    lines += [f"passed with ** at line {call.lineno} of {home.source.path}" for home, call in found.calls]
    choices: tuple[Choice, ...] = ()
    if whole and all(is_open(module, key, receiver) for receiver in decorated):
        choices = (dict_choice(module, key, decorated),)
    said = is_number(module, key.value) or says_nothing(key.value)
    doubt = "" if said else " max_inputs has to be a whole number: on 1.x None is refused."
    stated = module.finding(
        "concurrent-dict",
        key.name,
        MESSAGE,
        Applicability.REVIEW if choices else Applicability.MANUAL,
        choices,
        tuple(lines),
        f"Check that nothing else reads {KEYWORD} from this dict.{doubt}" if choices else ADVICE,
    )
    calls = [home.source.site(home.source.span(call.func)) for home, call in found.calls]
    return replace(stated, sites=(*stated.sites, *calls))
