"""Renamed autoscaler parameters: ``keep_warm``, ``concurrency_limit``, ``container_idle_timeout``.

The keywords of ``App.function``, ``App.cls`` and ``Cls.with_options`` have new names since 0.73.76; from 1.4.0 the
old ones raise by mere presence, even set to ``None``. The method ``.keep_warm(n)`` went in 1.4.0 as well.
Guide: https://modal.com/docs/guide/modal-1-0-migration#renaming-autoscaler-parameters

    @app.function(keep_warm=1)        ->    @app.function(min_containers=1)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec.structs import replace

from modal_transforms.analysis.calls import DictEntry, keyword, keyword_name, requoted, splatted
from modal_transforms.analysis.constants import Number, number
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import (
    AddArgument,
    Applicability,
    Choice,
    Finding,
    RemoveArgument,
    Replace,
    Section,
    Span,
)
from modal_transforms.modal_api.option_flow import Key, keys, reached
from modal_transforms.modal_api.spellings import How, Spellings, spelled

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

NEW_NAMES = {
    "keep_warm": "min_containers",
    "concurrency_limit": "max_containers",
    "container_idle_timeout": "scaledown_window",
    "_experimental_buffer_containers": "buffer_containers",
}
DECORATORS = frozenset({"modal.App().function", "modal.App().cls"})
OPTIONS = "modal.Cls().with_options"
METHOD_OWNERS = frozenset({"modal.Function()", "modal.Obj()"})
_ONLY_MODAL = "None, if only Modal reads this dict."
WINDOW = range(2, 3601)
"""Seconds that 1.6.4 takes for ``scaledown_window``."""


def find(module: Module) -> Iterator[Finding]:
    """Yield the renamed keywords and the ``.keep_warm()`` calls of a file."""
    seen: set[Span] = set()
    for call in module.index.calls:
        callee = module.symbol(call.func)
        if callee in DECORATORS or callee == OPTIONS:
            for item in call.keywords:
                if item.arg in NEW_NAMES:
                    yield _keyword(module, call, item, callee)
            for entry in splatted(module, call):
                if entry.name in NEW_NAMES and entry.key not in seen:
                    seen.add(entry.key)
                    yield _entry(module, call, entry)
        elif callee == "modal.method":
            yield from _on_method(module, call)
        elif callee.removesuffix(".aio").endswith(".keep_warm"):
            yield from _keep_warm_call(module, call, callee)
    for key in keys(module, NEW_NAMES):
        if key.name not in seen:
            yield from _key(module, key)


def _keyword(module: Module, call: ast.Call, item: ast.keyword, callee: str) -> Finding:
    assert item.arg is not None
    old, new = item.arg, NEW_NAMES[item.arg]
    place = keyword_name(module, item)
    given = keyword(call, new)
    if callee == OPTIONS and old in {"keep_warm", "_experimental_buffer_containers"}:
        return _never_taken(module, call, item)
    if given is not None:
        return _both(module, call, item, given)
    rename = Replace(module.source.path, place, new)
    level, rule, message, advice = Applicability.SAFE, "autoscaler-rename", f"{old} is now {new}", ""
    choices: tuple[Choice, ...] = (
        Choice("rename", f"rename to {new}", "None at run time: the value means what it meant.", (rename,)),
    )
    unusual = _unusual_value(module, item, rename)
    if unusual is not None:
        choices, advice = unusual
        level, rule = Applicability.REVIEW, "autoscaler-value"
        message = f"{old} is now {new}, which refuses this value"
    return module.finding(SECTION, rule, place, message, level, choices, module.evidence(call.func), advice)


def _never_taken(module: Module, call: ast.Call, item: ast.keyword) -> Finding:
    """``Cls.with_options`` refused these two names before 1.0 as well."""
    new = NEW_NAMES[item.arg or ""]
    return module.finding(
        SECTION,
        "autoscaler-options",
        keyword_name(module, item),
        f"with_options never took {item.arg}",
        Applicability.MANUAL,
        evidence=module.evidence(call.func),
        advice=f"Delete {item.arg}, or set {new} where the class is defined, in @app.cls({new}=…).",
    )


def _unusual_value(module: Module, item: ast.keyword, rename: Replace) -> tuple[tuple[Choice, ...], str] | None:
    """Return choices and advice for a value that 1.6.4 refuses under the new name."""
    value = number(module, item.value)
    if value is None:
        return None
    as_is = Choice(
        "rename", f"rename to {rename.text} only", "modal 1.6.4 refuses the value when it deploys.", (rename,)
    )
    fitting = _fitting(item.arg or "", value)
    if fitting is None:
        return None
    label = f"rename, and make the value {fitting}"
    written = Replace(rename.path, module.source.span(item.value), str(fitting))
    advice = f"{rename.text} takes whole numbers" + (" from 2 to 3600." if rename.text == "scaledown_window" else ".")
    fit = Choice("fit", label, "The nearest value that 1.6.4 accepts.", (rename, written))
    return (fit, as_is), advice


def _fitting(old: str, value: Number) -> int | None:
    """Return the nearest value that the new name takes; ``None`` when the value is fine."""
    nearest = int(value)
    if old == "container_idle_timeout":
        nearest = min(max(nearest, WINDOW.start), WINDOW.stop - 1)
    unchanged = nearest == value and not isinstance(value, (bool, float))
    return None if unchanged else nearest


def _both(module: Module, call: ast.Call, item: ast.keyword, given: ast.keyword) -> Finding:
    """The call has the old name and the new one: before 1.0 the old one won without a word."""
    path, source = module.source.path, module.source
    old, new = item.arg or "", given.arg or ""
    whole = source.span(call)
    keep_old = Choice(
        "old",
        f"keep the value of {old}",
        "As today: the old name's value won.",
        (RemoveArgument(path, whole, source.span(given)), Replace(path, keyword_name(module, item), new)),
    )
    keep_new = Choice(
        "new",
        f"keep the value of {new}",
        "The value given for the new name, until now without effect, takes hold.",
        (RemoveArgument(path, whole, source.span(item)),),
    )
    return module.finding(
        SECTION,
        "autoscaler-both",
        keyword_name(module, item),
        f"both {old} and its new name {new} are given",
        Applicability.REVIEW,
        (keep_old, keep_new),
        module.evidence(call.func),
    )


def _entry(module: Module, call: ast.Call, entry: DictEntry) -> Finding:
    line = module.source.line_of(module.source.span(call).start)
    new = NEW_NAMES[entry.name]
    rename = Replace(module.source.path, entry.key, requoted(module, entry, new))
    return module.finding(
        SECTION,
        "autoscaler-splat",
        entry.key,
        f"{entry.name} is now {new}",
        Applicability.REVIEW,
        (Choice("rename", f"rename the key to {new}", _ONLY_MODAL, (rename,)),),
        (f"splatted into the call at line {line}", *module.evidence(call.func)),
        advice=f"Check that nothing else reads {entry.name} from this dict.",
    )


def _key(module: Module, key: Key) -> Iterator[Finding]:
    """A dict that other files, or functions that return it, carry to Modal."""
    found = reached(module, key)
    if not found.calls:
        return
    path, new = module.source.path, NEW_NAMES[key.written]
    text = module.source.slice(key.name).replace(key.written, new, 1)
    stated = module.finding(
        SECTION,
        "autoscaler-splat",
        key.name,
        f"{key.written} is now {new}",
        Applicability.REVIEW,
        (Choice("rename", f"rename the key to {new}", _ONLY_MODAL, (Replace(path, key.name, text),)),),
        tuple(f"goes into {home.source.path}, line {call.lineno}" for home, call in found.calls),
        advice=f"Check that nothing else reads {key.written} from this dict.",
    )
    calls = [home.source.site(home.source.span(call.func)) for home, call in found.calls]
    yield replace(stated, sites=(*stated.sites, *calls))


def _on_method(module: Module, call: ast.Call) -> Iterator[Finding]:
    """``@modal.method(keep_warm=…)`` has had no effect since 0.63 and is refused since 0.73.84."""
    item = keyword(call, "keep_warm")
    if item is None:
        return
    path, source = module.source.path, module.source
    drop = RemoveArgument(path, source.span(call), source.span(item))
    choices = [Choice("delete", "delete it", "None: it has had no effect on methods since 0.63.", (drop,))]
    owner = _class_call(module, call)
    if owner is not None and keyword(owner, "keep_warm") is None and keyword(owner, "min_containers") is None:
        text = f"min_containers={source.slice(source.span(item.value))}"
        changes = (drop, AddArgument(path, source.span(owner), text))
        choices.append(
            Choice("move", "move it to @app.cls as min_containers", "Containers of the class are kept warm.", changes)
        )
    yield module.finding(
        SECTION,
        "autoscaler-method",
        keyword_name(module, item),
        "keep_warm on a method has no effect and is refused",
        Applicability.REVIEW,
        tuple(choices),
        module.evidence(call.func),
    )


def _class_call(module: Module, call: ast.Call) -> ast.Call | None:
    """Return the ``app.cls(...)`` of the class whose method a decorator is on."""
    for around in module.index.ancestors(call):
        if isinstance(around, ast.ClassDef):
            for decorator, symbol in module.decorators(around):
                if symbol == "modal.App().cls()" and isinstance(decorator, ast.Call):
                    return decorator
    return None


def _keep_warm_call(module: Module, call: ast.Call, callee: str) -> Iterator[Finding]:
    owner = callee.removesuffix(".aio").removesuffix(".keep_warm")
    if owner not in METHOD_OWNERS or len(call.args) + len(call.keywords) != 1:
        return
    name = call.func
    awaited = isinstance(name, ast.Attribute) and name.attr == "aio"
    if awaited and isinstance(name, ast.Attribute):
        name = name.value
    if not isinstance(name, ast.Attribute):
        return
    end = module.source.span(name).end
    place = Span(end - len("keep_warm"), end)
    value = call.args[0] if call.args else call.keywords[0].value
    given = module.source.span(call.args[0] if call.args else call.keywords[0])
    argument = Replace(module.source.path, given, f"min_containers={module.source.slice(module.source.span(value))}")

    def choice(key: str, method: str, effect: str) -> Choice:
        return Choice(
            key, f"call {method}(min_containers=…)", effect, (Replace(module.source.path, place, method), argument)
        )

    yield module.finding(
        SECTION,
        "keep-warm-method",
        place,
        ".keep_warm() was removed in 1.4.0",
        Applicability.SAFE,
        (
            choice("update", "update_autoscaler", "The same, on every 1.x; 1.6.4 warns of a newer name."),
            choice("autoscaler", "autoscaler.update", "The same; exists from modal 1.6.4 on only."),
        ),
        module.evidence(call.func),
    )
