"""Arguments whose new name takes another value."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.calls import keyword, keyword_name
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Change, Choice, Finding, RemoveArgument, Replace

_RUNS = frozenset({"modal.App().function", "modal.App().cls"})
_PTY = frozenset({"modal.Sandbox.create", "modal.Sandbox().exec"})
_ANY = "any"


class NewValue(Struct, frozen=True, kw_only=True):
    """An argument, and what stands in its place for one value."""

    rule: str
    callees: frozenset[str]
    old: str
    new: str
    """The new argument, with its value."""
    value: int | bool | str
    """The value for which it is the same; ``any`` for all but ``None``."""
    since: str
    breaks_in: str = ""
    needs: str
    by_hand: str
    """What to do for another value."""

    @property
    def name(self) -> str:
        """The new argument's name."""
        return self.new.partition("=")[0]


_VALUES = (
    NewValue(
        rule="single-use",
        callees=_RUNS,
        old="max_inputs",
        new="single_use_containers=True",
        value=1,
        since="1.3.0",
        needs="1.3.0",
        by_hand="Only 1 was ever accepted: write single_use_containers=True for it, or nothing.",
    ),
    *(
        NewValue(
            rule="pty",
            callees=_PTY,
            old=old,
            new="pty=True",
            value=_ANY,
            since="1.2.0",
            needs="1.2.0",
            by_hand="Write pty=True where a terminal is wanted.",
        )
        for old in ("pty_info", "_pty_info")
    ),
    NewValue(
        rule="gpu-snapshot",
        callees=_RUNS,
        old="_experimental_enable_gpu_snapshot",
        new='experimental_options={"enable_gpu_snapshot": True}',
        value=True,
        since="",
        breaks_in="1.1.1",
        needs="1.1.0",
        by_hand='Write experimental_options={"enable_gpu_snapshot": ...}.',
    ),
)


def find_values(module: Module) -> Iterator[Finding]:
    """Yield the arguments of a file whose new name takes another value."""
    for call in module.index.calls:
        given = {item.arg for item in call.keywords}
        for row in (row for row in _VALUES if row.old in given):
            item = keyword(call, row.old)
            if item is not None and module.symbol(call.func).removesuffix(".aio") in row.callees:
                yield _finding(module, row, call, item)


def _finding(module: Module, row: NewValue, call: ast.Call, item: ast.keyword) -> Finding:
    choice = _choice(module, row, call, item)
    ended = f"went in {row.breaks_in}" if row.breaks_in else f"warns since {row.since}"
    return module.finding(
        row.rule if choice is not None else f"{row.rule}-by-hand",
        keyword_name(module, item),
        f"{row.old} {ended}; it is {row.new} now",
        Applicability.REVIEW if choice is not None else Applicability.MANUAL,
        (choice,) if choice is not None else (),
        explain(module, call.func),
        row.by_hand if choice is None else "",
        since=row.since,
        breaks_in=row.breaks_in,
    )


def _choice(module: Module, row: NewValue, call: ast.Call, item: ast.keyword) -> Choice | None:
    """Return the choice for a value that is written out; ``None`` for others, and beside the new argument."""
    source = module.source
    value = item.value.value if isinstance(item.value, ast.Constant) else _ANY
    drop: Change = RemoveArgument(source.path, source.span(call), source.span(item))
    if value is None or value is False:
        return Choice("delete", "delete it", "None: it asked for nothing.", (drop,))
    if (
        keyword(call, row.name) is not None
        or value != row.value
        or isinstance(value, bool) != isinstance(row.value, bool)
    ):
        return None
    written = Replace(source.path, source.span(item), row.new)
    return Choice("write", row.new, f"The same. Needs modal {row.needs} or newer.", (written,), needs=row.needs)
