"""The ways to write an old name anew."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword, keyword_name
from modal_transforms.analysis.constants import Number, number
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.unread import drop_unread
from modal_transforms.core.model import AddArgument, Choice, RemoveArgument, Replace, Span
from modal_transforms.modal_api.option_keys import Together

NEW_NAMES = {
    "keep_warm": "min_containers",
    "concurrency_limit": "max_containers",
    "container_idle_timeout": "scaledown_window",
    "_experimental_buffer_containers": "buffer_containers",
}
WINDOW = range(2, 3601)
"""Seconds that 1.6.4 takes for ``scaledown_window``."""


def renamed(module: Module, item: ast.keyword) -> Choice:
    """Return the choice to give a keyword its new name."""
    rename = _rename(module, item)
    return Choice("rename", f"rename to {rename.text}", "None at run time: the value means what it meant.", (rename,))


def _rename(module: Module, item: ast.keyword) -> Replace:
    return Replace(module.source.path, keyword_name(module, item), NEW_NAMES[item.arg or ""])


def fitting_choices(module: Module, item: ast.keyword) -> tuple[tuple[Choice, ...], str] | None:
    """Return choices and advice for a value that 1.6.4 refuses under the new name; ``None`` for any other value."""
    rename, value = _rename(module, item), number(module, item.value)
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


def is_visible(module: Module, value: ast.expr) -> bool:
    """Tell whether the code shows which number, or ``None``, a value is, in each branch."""
    if isinstance(value, ast.IfExp):
        return is_visible(module, value.body) and is_visible(module, value.orelse)
    if isinstance(value, ast.Constant):
        return True
    return number(module, value) is not None


def _fitting(old: str, value: Number) -> int | None:
    """Return the nearest value that the new name takes; ``None`` when the value is fine."""
    nearest = int(value)
    if old == "container_idle_timeout":
        nearest = min(max(nearest, WINDOW.start), WINDOW.stop - 1)
    unchanged = nearest == value and not isinstance(value, (bool, float))
    return None if unchanged else nearest


def one_of_both(module: Module, call: ast.Call, item: ast.keyword, given: ast.keyword) -> tuple[Choice, ...]:
    """Return the choices for a call that has the old name and, in ``given``, the new one."""
    path, source = module.source.path, module.source
    whole = source.span(call)
    keep_old = Choice(
        "old",
        f"keep the value of {item.arg}",
        "As today: the old name's value won.",
        (RemoveArgument(path, whole, source.span(given)), _rename(module, item)),
    )
    keep_new = Choice(
        "new",
        f"keep the value of {given.arg}",
        "The value given for the new name, until now without effect, takes hold.",
        (RemoveArgument(path, whole, source.span(item)),),
    )
    return keep_old, keep_new


def renamed_keys(group: Together) -> Choice:
    """Return the choice to rename a key of a dict that reaches Modal, wherever it is said."""
    old = group.keys[0].written
    new = NEW_NAMES[old]
    changes = tuple(place.renamed(old, new) for place in group.places)
    label = f"rename the key to {new}" + (", and what reads it" if group.flow.reads else "")
    effect = "None: what reads it follows." if group.flow.complete else "None, if only Modal reads this dict."
    return Choice("rename", label, effect, changes)


def off_the_method(module: Module, call: ast.Call, item: ast.keyword) -> Iterator[Choice]:
    """Yield the choices for ``@modal.method(keep_warm=…)``."""
    path, source = module.source.path, module.source
    drop = RemoveArgument(path, source.span(call), source.span(item))
    effect = "None: it has had no effect on methods since 0.63."
    yield Choice("delete", "delete it", effect, (drop, *drop_unread(module, item.value)))
    owner = _class_call(module, call)
    if owner is not None and keyword(owner, "keep_warm") is None and keyword(owner, "min_containers") is None:
        text = f"min_containers={source.written(item.value)}"
        changes = (drop, AddArgument(path, source.span(owner), text))
        yield Choice("move", "move it to @app.cls as min_containers", "Containers of the class are kept warm.", changes)


def _class_call(module: Module, call: ast.Call) -> ast.Call | None:
    """Return the ``app.cls(...)`` of the class whose method a decorator is on."""
    for around in module.index.ancestors(call):
        if isinstance(around, ast.ClassDef):
            for decorator, symbol in module.decorators(around):
                if symbol == "modal.App().cls()" and isinstance(decorator, ast.Call):
                    return decorator
    return None


def other_methods(module: Module, call: ast.Call, place: Span) -> Iterator[Choice]:
    """Yield the choices for a call of ``.keep_warm()``, whose name is at ``place``."""
    path, source = module.source.path, module.source
    value = call.args[0] if call.args else call.keywords[0].value
    given = source.span(call.args[0] if call.args else call.keywords[0])
    argument = Replace(path, given, f"min_containers={source.written(value)}")
    for key, method, effect in (
        ("update", "update_autoscaler", "The same, on every 1.x; 1.6.4 warns of a newer name."),
        ("autoscaler", "autoscaler.update", "The same; exists from modal 1.6.4 on only."),
    ):
        yield Choice(key, f"call {method}(min_containers=…)", effect, (Replace(path, place, method), argument))
