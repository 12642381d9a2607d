"""How @modal.concurrent is written where values and lines are laid out unusually."""

from __future__ import annotations

import pytest
from support.cases import clean, look

from modal_transforms.core.model import fill
from modal_transforms.core.source import SourceFile
from modal_transforms.rewrite.rewrite import rewrite

BEFORE = clean("""
    import modal
    app = modal.App("a")
    Model = modal.Cls.from_name("a", "b")

    class K:
        def m(self):
            app.function(
                allow_concurrent_inputs=max(
                    1,  # é
                    2,
                ),
                timeout=3,
            )(self.f)
            Model.with_options(allow_concurrent_inputs=(
                4
            ), gpu="x")

    if app:
        @app.function(
            allow_concurrent_inputs=max(
                1,
                2,  # two
            ),  # after
        )
        def f(): ...
""")
AFTER = clean("""
    import modal
    app = modal.App("a")
    Model = modal.Cls.from_name("a", "b")

    class K:
        def m(self):
            app.function(timeout=3)(modal.concurrent(max_inputs=max(
                1,  # é
                2,
            ))(self.f))
            Model.with_options(gpu="x").with_concurrency(max_inputs=(
                4
            ), target_inputs=(
                4
            ))

    if app:
        @app.function()
        @modal.concurrent(max_inputs=max(
            1,
            2,  # two
        ))  # after
        def f(): ...
""")


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("coding", ["utf-8", "latin-1"])
def test_values_of_several_lines_move_with_their_comments(newline: str, coding: str) -> None:
    header = f"# coding: {coding}\n"
    source = SourceFile("a.py", (header + BEFORE).replace("\n", newline).encode(coding))
    found = [finding for finding in look(source).findings if finding.section == "concurrent"]
    changes = [change for finding in found for change in fill(finding.choices[0], {})]
    assert rewrite(source, changes).after.text == (header + AFTER).replace("\n", newline)
