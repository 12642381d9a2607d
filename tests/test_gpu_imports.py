"""The import of ``modal.gpu`` stays while one object of it is left, and goes with the last, in whatever order."""

from __future__ import annotations

import itertools

import pytest
from support.cases import clean, look

from modal_transforms.core.model import Finding, fill
from modal_transforms.core.source import SourceFile
from modal_transforms.rewrite.rewrite import rewrite

IMPORTS = [
    pytest.param("from modal import App, gpu", "gpu.", "from modal import App", id="from modal import gpu"),
    pytest.param(
        "from modal import App\nfrom modal.gpu import H100, T4",
        "",
        "from modal import App",
        id="from modal.gpu import classes",
    ),
    pytest.param(
        "from modal import App\nimport modal.gpu as g", "g.", "from modal import App", id="import modal.gpu as g"
    ),
    pytest.param(
        "from modal import App\nimport modal.gpu", "modal.gpu.", "from modal import App", id="import modal.gpu"
    ),
]

BODY = """

app = App("a")

@app.function(gpu={0}H100(), keep_warm=1)
def a(): ...

@app.function(gpu=[{0}T4(count=2), {0}H100(count=2)])
def b(): ...
"""
STRINGS = {"H100()": '"H100"', "T4(count=2)": '"T4:2"', "H100(count=2)": '"H100:2"'}


def _source(head: str, prefix: str) -> SourceFile:
    return SourceFile("a.py", (head + BODY.format(prefix)).encode())


def _gpus(source: SourceFile) -> list[Finding]:
    return [finding for finding in look(source).findings if finding.section == "gpu"]


@pytest.mark.parametrize(("head", "prefix", "left"), IMPORTS)
def test_the_import_stays_until_the_last_object_is_gone(head: str, prefix: str, left: str) -> None:
    source = _source(head, prefix)
    findings = _gpus(source)
    assert len(findings) == 3
    for taken in itertools.combinations(findings, 2):
        after = rewrite(source, [change for finding in taken for change in fill(finding.choices[0], {})]).after
        rest = _gpus(after)
        assert [finding.rule for finding in rest] == ["gpu-object"]
        kept = next(finding for finding in findings if finding not in taken)
        assert rest[0].site.text == kept.site.text
    everything = [change for finding in findings for change in fill(finding.choices[0], {})]
    for order in (everything, everything[::-1]):
        text = rewrite(source, order).after.text
        assert text.split("\n\n")[0].strip() == left
        assert _gpus(SourceFile("a.py", text.encode())) == []


@pytest.mark.parametrize(("head", "prefix", "left"), IMPORTS)
def test_one_after_the_other_gives_what_all_at_once_gives(head: str, prefix: str, left: str) -> None:
    source = first = _source(head, prefix)
    while findings := _gpus(source):
        source = rewrite(source, fill(findings[-1].choices[0], {})).after
    everything = [change for finding in _gpus(first) for change in fill(finding.choices[0], {})]
    assert source.text == rewrite(first, everything).after.text
    assert all(text in source.text for text in STRINGS.values())


def test_findings_of_several_sections_in_one_decorator_go_together() -> None:
    text = """
        import modal
        import modal.gpu

        app = modal.App("a")

        @app.function(
            gpu=modal.gpu.A100(count=2),  # two
            keep_warm=1,
            volumes={"/data": modal.Volume.lookup("v")},
        )
        def f(): ...
    """
    source = SourceFile("a.py", clean(text).encode())
    found = look(source).findings
    changes = [change for finding in found for change in fill(finding.choices[0], {})]
    expected = """
        import modal

        app = modal.App("a")

        @app.function(
            gpu="A100-40GB:2",  # two
            min_containers=1,
            volumes={"/data": modal.Volume.from_name("v")},
        )
        def f(): ...
    """
    assert {finding.section for finding in found} == {"gpu", "autoscaler", "lookup"}
    assert rewrite(source, changes).after.text == clean(expected)
