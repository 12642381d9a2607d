"""Room for recursion in native code: LibCST's parser takes the whole process down when its stack is too small."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from modal_transforms.core.patterns import pattern

T = TypeVar("T")

MAX_TOKENS = 12_000
"""A longer text is not given to LibCST, which takes time in proportion to the square of the depth."""
_MAX_IN_LINE = 2_000
_FEW = 200
_BYTES = 16 * 1024
"""What one level of nesting takes of the stack, twice over; a level has at least one token."""
_TOKEN = pattern(r"\w+|[^\w\s]")
_one_at_a_time = threading.Lock()


def levels(text: str) -> int | None:
    """Return an upper bound of how deeply anything in a text can be nested; ``None`` when that is too much."""
    counts = [sum(1 for _ in _TOKEN.finditer(line)) for line in text.splitlines()]
    return None if sum(counts) > MAX_TOKENS or max(counts, default=0) > _MAX_IN_LINE else sum(counts)


def run_with_stack(depth: int, action: Callable[[], T]) -> T:
    """Run an action with a stack for so many levels of nesting; raises what it raises."""
    if depth <= _FEW:
        return action()
    outcome: list[T] = []
    fault: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(action())
        except BaseException as error:
            fault.append(error)

    with _one_at_a_time:
        usual = threading.stack_size(1024 * 1024 + depth * _BYTES)
        try:
            thread = threading.Thread(target=run)
            thread.start()
        finally:
            threading.stack_size(usual)
    thread.join()
    if fault:
        raise fault[0]
    return outcome[0]
