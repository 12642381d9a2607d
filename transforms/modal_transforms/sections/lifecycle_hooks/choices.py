"""The ways to have a method run when a container starts or ends."""

from __future__ import annotations

import ast

from modal_transforms.core.model import AddLine, Change, Choice, Replace, Span
from modal_transforms.modal_api.naming import modal_name
from modal_transforms.sections.lifecycle_hooks.hooks import Hook


def marked(hook: Hook) -> Choice:
    """Return the choice to put the decorator above the method, and to give it another name."""
    source, path = hook.module.source, hook.module.source.path
    text, needed = modal_name(hook.module, hook.method, hook.decorator)
    changes: list[Change] = [
        AddLine(path, _first_line(hook), f"@{text}()", before=True),
        Replace(path, hook.name_span, hook.new_name),
        *needed,
    ]
    named = [*hook.method.args.posonlyargs, *hook.method.args.args]
    if named and hook.parameters and not hook.reads_parameters:
        changes.append(Replace(path, Span(source.span(named[0]).end, _end_of_parameters(hook)), ""))
    return Choice("mark", f"@{text}() def {hook.new_name}", _effect(hook), tuple(changes))


def called(hook: Hook) -> Choice:
    """Return the choice to add a method that Modal runs, which calls this one."""
    source = hook.module.source
    text, needed = modal_name(hook.module, hook.method, hook.decorator)
    is_async = isinstance(hook.method, ast.AsyncFunctionDef)
    given = ", ".join(["None"] * 3) if hook.decorator == "exit" else ""
    head = f"{'async ' * is_async}def {hook.new_name}(self):"
    body = f"    {'await ' * is_async}self.{hook.method.name}({given})"
    lines = f"@{text}()\n{head}\n{body}\n"
    change = AddLine(source.path, _first_line(hook), lines, before=True)
    return Choice("call", f"add a method under @{text}() that calls it", _effect(hook), (change, *needed))


def _effect(hook: Hook) -> str:
    return f"It runs again when a container {'starts' if hook.decorator == 'enter' else 'ends'}."


def _first_line(hook: Hook) -> Span:
    """Return what the method begins with: its first decorator, or itself."""
    decorators = hook.method.decorator_list
    source = hook.module.source
    return source.span(decorators[0]) if decorators else source.span(hook.method)


def _end_of_parameters(hook: Hook) -> int:
    given = hook.method.args
    defaults = [each for each in [*given.defaults, *given.kw_defaults] if each is not None]
    source = hook.module.source
    return max([source.span(each).end for each in hook.parameters] + [source.span(each).end for each in defaults])
