"""Calls of Modal that block an event loop: ``f.remote()`` in an async function, for ``await f.remote.aio()``.

Since 1.3.0 the SDK warns of them (AsyncUsageWarning); ``Function.map`` and its kin raise there in any version. Only
calls that surely are Modal's count, and only where the code runs in the event loop itself.

    return embed.remote(text)    ->    return await embed.remote.aio(text)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, Section
from modal_transforms.modal_api.lookups.tokens import Method, name_of, without_aio, without_await
from modal_transforms.sections.async_calls.choices import choice
from modal_transforms.sections.async_calls.detect import Blocking, Chain, blocking_calls, eager_constructors

SECTION = Section(
    slug="async-calls",
    title="Blocking calls in async functions",
    since="1.3.0",
    subject="await what Modal does in async functions",
    what=(
        "In an async function, Modal's calls have an .aio that is awaited: await f.remote.aio(x). Generators are "
        "looped over with async for, and Modal's context managers entered with async with."
    ),
    why=(
        "A blocking call stops the whole event loop: other inputs, requests and tasks wait with it. The SDK warns of "
        "it since 1.3.0; Function.map, for_each and spawn_map raise InvalidError."
    ),
    before="@web.get('/')\nasync def index():\n    return embed.remote('a')",
    after="@web.get('/')\nasync def index():\n    return await embed.remote.aio('a')",
)

_RAISES = frozenset({"map", "starmap", "for_each", "spawn_map"})
_SHARED = "Other tasks may run in between: check what they share with this function."


def find(module: Module) -> Iterator[Finding]:
    """Yield the blocking calls in async functions of a file, and the constructors that are awaited for nothing."""
    for chain in blocking_calls(module):
        yield _blocking_finding(module, chain)
    for found in eager_constructors(module):
        yield _constructor_finding(found)


def _blocking_finding(module: Module, chain: Chain) -> Finding:
    """State that calls of one expression stop the event loop."""
    last, source = chain[-1], module.source
    made = choice(module, chain)
    raises = last.name.attr in _RAISES and last.way.startswith("modal.Function()")
    what = ", ".join(f".{each.name.attr}()" for each in chain)
    message = f"{what} {'raises InvalidError' if raises else 'stops the event loop'} in async {last.function.name}"
    return module.finding(
        "async-blocking" if made is not None else "async-blocking-by-hand",
        [name_of(module, each.name) or source.span(module.index.statement(each.call)) for each in chain],
        message,
        Applicability.REVIEW if made is not None else Applicability.MANUAL,
        (made,) if made is not None else (),
        explain(module, chain[0].name),
        _SHARED if made is not None else _by_hand(module, last),
    )


def _by_hand(module: Module, found: Blocking) -> str:
    name = found.name.attr
    if found.is_context:
        return f"Write `async with` for Modal's {name}(...), in a statement of its own beside what is no async one."
    if found.is_generator:
        return f"Loop over it: `async for item in ….{name}.aio(...)`, or `[item async for item in ….{name}.aio(...)]`."
    return f"Write `await ….{name}.aio(...)` in a statement of its own, before what uses it."


def _constructor_finding(found: Method) -> Finding:
    """State that an object is made without asking Modal, so that there is nothing to await."""
    module = found.module
    owner = module.symbol(found.attribute).removesuffix(".from_id")
    at = found.name or module.source.span(found.call)
    message = f"{owner}.from_id.aio is deprecated since 1.3.0: from_id asks nothing of Modal"
    if found.awaited is None or any(isinstance(each, ast.JoinedStr) for each in module.index.ancestors(found.call)):
        return module.finding(
            "async-constructor-by-hand", at, message, Applicability.MANUAL, advice="Call from_id(...) as it is."
        )
    effect = "The same object; before modal 1.3.0 the call would block."
    plain = Choice("plain", "from_id(...)", effect, (*without_aio(found), *without_await(found)), needs="1.3.0")
    return module.finding(
        "async-constructor", at, message, Applicability.REVIEW, (plain,), explain(module, found.attribute)
    )
