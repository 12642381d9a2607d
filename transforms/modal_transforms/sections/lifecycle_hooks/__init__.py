"""Methods that a container ran because of their names: ``__enter__``, ``__aenter__``, ``__exit__``, ``__aexit__``.

Since 0.57 a container runs what ``@modal.enter()`` and ``@modal.exit()`` mark. The names raised errors for a while;
from 0.72 on nothing says anything, and the methods are not run: the first use of what they load fails. Classes count
that are given to Modal, here or in another file, and their base classes.

    def __enter__(self): ...        ->    @modal.enter()
                                          def enter_container(self): ...
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.definitions import dependents
from modal_transforms.analysis.index import FunctionNode, walk
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Finding, Section
from modal_transforms.modal_api.classes import bases, is_same, modal_classes
from modal_transforms.sections.lifecycle_hooks.choices import called, marked
from modal_transforms.sections.lifecycle_hooks.hooks import HOOKS, Hook

SECTION = Section(
    slug="lifecycle-hooks",
    title="Methods run by their names",
    since="0.57.60",
    breaks_in="0.62.203",
    subject="mark what containers run when they start and end",
    what="__enter__ and __exit__ of a class are not run by containers any more; @modal.enter() and @modal.exit() are.",
    why="Nothing warns: the method is skipped, and the first use of what it loads raises AttributeError.",
    before="@app.cls()\nclass Model:\n    def __enter__(self):\n        self.model = load()",
    after="@app.cls()\nclass Model:\n    @modal.enter()\n    def enter_container(self):\n        self.model = load()",
)


def find(module: Module) -> Iterator[Finding]:
    """Yield the methods of a file's classes that containers ran because of their names."""
    for node in module.index.classes:
        hooks = [item for item in node.body if isinstance(item, FunctionNode) and item.name in HOOKS]
        users = _users(module, node) if hooks else ()
        for item in hooks if users else ():
            hook = Hook(module, node, item, users)
            if not _is_settled(hook):
                yield _hook_finding(hook)


def _users(module: Module, node: ast.ClassDef) -> tuple[Module, ...]:
    """Return the file of a class and those that import it, if one of them gives the class, or a subclass, to Modal."""
    modules = (module, *dependents(module, node.name))
    return modules if any(_is_given(user, node) for user in modules) else ()


def _is_given(user: Module, node: ast.ClassDef) -> bool:
    for found in modal_classes(user):
        if is_same(found.node, node) or any(is_same(base, node) for _, base, _ in bases(found.home, found.node)):
            return True
    return False


def _is_settled(hook: Hook) -> bool:
    """Tell whether a method is marked for Modal, called by one that is, or wanted for ``with`` alone."""
    module = hook.module
    if any(symbol.startswith("modal.") for _, symbol in module.decorators(hook.method)):
        return True
    marked = [item for item in hook.owner.body if isinstance(item, FunctionNode) and _is_marked(hook, item)]
    calls = any(
        isinstance(node, ast.Attribute) and node.attr == hook.method.name for item in marked for node in walk(item)
    )
    return calls or (bool(marked) and hook.is_entered_by_with)


def _is_marked(hook: Hook, item: FunctionNode) -> bool:
    return any(symbol == f"modal.{HOOKS[hook.method.name]}()" for _, symbol in hook.module.decorators(item))


def _hook_finding(hook: Hook) -> Finding:
    """State that a container does not run a method any more."""
    name = f"{hook.owner.name}.{hook.method.name}"
    when = "starts" if hook.decorator == "enter" else "ends"
    others = hook.is_entered_by_with or hook.is_called_by_name
    return hook.module.finding(
        hook.decorator,
        hook.name_span,
        f"{name} is not run any more when a container {when}",
        Applicability.REVIEW,
        (called(hook) if others else marked(hook),),
        (f"{hook.owner.name} is a class that Modal runs, or a base of one",),
        _advice(hook, others),
    )


def _advice(hook: Hook, others: bool) -> str:
    if hook.partner:
        return (
            f"{hook.partner} is there as well, and both are run now: containers used to run one of them, the "
            "async one for async functions. Keep one where they do the same."
        )
    if others:
        return f"{hook.method.name} is called elsewhere as well, so it stays; check that it may run twice."
    if hook.parameters and hook.reads_parameters:
        return "Modal gives None for all three: what the method does after an exception never happens."
    return ""
