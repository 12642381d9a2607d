"""One secret where a list is asked for: ``secret=`` of functions, classes and ``run_function``.

``secret=`` raised before it went in 0.64.55; ``secrets=`` takes a list. ``Image.from_registry`` and its kin, and
``CloudBucketMount``, still take ``secret=``. ``modal.Secret({...})`` is ``Secret.from_dict``.

    @app.function(secret=modal.Secret.from_name("s"))    ->    @app.function(secrets=[modal.Secret.from_name("s")])
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import DictEntry
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import is_none
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Section, Span
from modal_transforms.modal_api.option_keys import said_elsewhere
from modal_transforms.modal_api.rows import ArgumentRow, Table, given_argument, uses_of
from modal_transforms.sections.secrets.choices import deleted, is_secret, joined, listed, listed_if_any

SECTION = Section(
    slug="secrets",
    title="Secrets in a list",
    since="0.56.4902",
    breaks_in="0.62.145",
    subject="give secrets in a list",
    what="app.function, app.cls and Image.run_function take secrets=[...]; secret= is not there any more.",
    why="TypeError as soon as the decorator runs, or the image is defined.",
    before='@app.function(secret=modal.Secret.from_name("s"))\ndef f(): ...',
    after='@app.function(secrets=[modal.Secret.from_name("s")])\ndef f(): ...',
)

_TABLE = Table(
    [
        ArgumentRow(
            rule="secret",
            callees=("modal.App().function", "modal.App().cls", "modal.Image().run_function"),
            old="secret",
            new="secrets",
        )
    ]
)

_SAFE, _REVIEW, _MANUAL = Applicability.SAFE, Applicability.REVIEW, Applicability.MANUAL


def find(module: Module) -> Iterator[Finding]:
    """Yield the single secrets of a file, and the secrets that are made by a call of the class."""
    for use, _ in uses_of(module, _TABLE):
        given = given_argument(module, use.node, "secret") if isinstance(use.node, ast.Call) else None
        if given is not None and isinstance(use.node, ast.Call):
            yield _secret_finding(module, use.node, given, use.place(module))
    for call in module.index.calls:
        if module.symbol(call.func) == "modal.Secret":
            yield _dict_finding(module, call)


def _secret_finding(module: Module, call: ast.Call, given: ast.keyword | DictEntry, place: Span) -> Finding:
    """State that a call takes one secret where it takes a list now."""
    choices, level, advice = _decided(module, call, given)
    return module.finding(
        "secret",
        place,
        "secret=X is secrets=[X] now",
        level,
        choices,
        explain(module, call.func),
        advice,
        breaks_in="0.62.145" if getattr(call.func, "attr", "") == "run_function" else "0.62.203",
    )


def _decided(
    module: Module, call: ast.Call, given: ast.keyword | DictEntry
) -> tuple[tuple[Choice, ...], Applicability, str]:
    """Return the choices for a secret, how far they may be trusted, and what to look at."""
    others = given_argument(module, call, "secrets")
    if isinstance(given, DictEntry):
        if others is not None:
            return (), _MANUAL, "Put the secret into the list that secrets= has."
        if read := said_elsewhere(module, given):
            lines = ", ".join(each.where for each in read)
            return (), _MANUAL, f"Write secrets=[...] in the dict, and expect a list where it is read: {lines}."
        advice = "Check that nothing else reads secret from this dict."
        return (listed(module, given),), _REVIEW, advice
    if is_none(given.value):
        return (deleted(module, call, given),), _SAFE, ""
    sure = is_secret(module, given.value)
    if others is not None:
        if isinstance(others, DictEntry) or isinstance(given.value, ast.IfExp):
            return (), _MANUAL, "Put the secret into the list that secrets= has."
        whole = isinstance(others.value, ast.List) and sure
        return (joined(module, call, given, others),), _SAFE if whole else _REVIEW, ""
    if sure:
        return (listed(module, given),), _SAFE, ""
    made = given.value.func if isinstance(given.value, ast.Call) else None
    if isinstance(made, ast.Attribute) and made.attr.startswith("from_"):
        return (listed(module, given),), _REVIEW, "Check that it is a modal.Secret."
    advice = "secrets=[None] is taken when the app is defined and fails when it is run."
    return (listed(module, given), listed_if_any(module, given)), _REVIEW, advice


def _dict_finding(module: Module, call: ast.Call) -> Finding:
    """State that a secret is made by a call of the class, which has no constructor any more."""
    end = module.source.span(call.func).end
    change = Replace(module.source.path, Span(end, end), ".from_dict")
    choice = Choice("from-dict", "write Secret.from_dict", "None: it takes the same dict.", (change,))
    fits = len(call.args) == 1 and not call.keywords and not isinstance(call.args[0], ast.Starred)
    return module.finding(
        "secret-constructor",
        module.source.span(call.func),
        "modal.Secret is not called any more: Secret.from_dict makes one",
        _SAFE if fits else _MANUAL,
        (choice,) if fits else (),
        explain(module, call.func),
        "" if fits else "Write modal.Secret.from_dict({...}).",
        breaks_in="0.49.2500",
    )
