"""Calls of Modal that block an event loop: ``f.remote()`` in an async function, for ``await f.remote.aio()``.

Since 1.3.0 the SDK warns of them (AsyncUsageWarning); ``Function.map`` and its kin raise there in any version. Only
calls that surely are Modal's count, and only where the code runs in the event loop itself.

    return embed.remote(text)    ->    return await embed.remote.aio(text)
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import Spellings
from modal_transforms.sections.async_calls.detect import blocking_calls, eager_constructors
from modal_transforms.sections.async_calls.findings import blocking_finding, constructor_finding

SECTION = Section(
    number=0,
    slug="async-calls",
    title="Blocking calls in async functions",
    anchor="",
    since="1.3.0",
    breaks_in="",
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

SPELLINGS = Spellings()


def find(module: Module) -> Iterator[Finding]:
    """Yield the blocking calls in async functions of a file, and the constructors that are awaited for nothing."""
    for chain in blocking_calls(module):
        yield blocking_finding(module, SECTION, chain)
    for found in eager_constructors(module):
        yield constructor_finding(found, SECTION)
