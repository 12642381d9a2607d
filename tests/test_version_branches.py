"""Code that is there for an older SDK is never changed as `safe`: a person says which side of the question goes."""

from __future__ import annotations

import pytest
from support.cases import look

from modal_transforms.core.model import Applicability
from modal_transforms.core.source import SourceFile

ASKED = {
    "a version": 'if modal.__version__ >= "1.0":\n    app = modal.App()\nelse:\n    {old}\n',
    "a version of the package": 'from importlib.metadata import version\nif version("modal") < "1":\n    {old}\n',
    "a flag": 'NEW = hasattr(modal, "concurrent")\nif NEW:\n    app = modal.App()\nelse:\n    {old}\n',
    "what the SDK has": 'if not hasattr(modal, "App"):\n    {old}\n',
    "what a class has": 'def make():\n    if hasattr(modal.Cls, "from_name"):\n        return modal.App()\n    {old}\n',
    "an import": "try:\n    from modal import App\nexcept ImportError:\n    {old}\n",
    "an import told by its name": (
        "try:\n    from modal import App\nexcept ImportError:\n    App = None\nif App is None:\n    {old}\n"
    ),
    "an attribute": "try:\n    app = modal.App()\nexcept (AttributeError, KeyError):\n    {old}\n",
    "an argument": "try:\n    app = modal.App(include_source=True)\nexcept TypeError:\n    {old}\n",
}
NOT_ASKED = {
    "another library": 'import torch\nif hasattr(torch, "compile"):\n    {old}\n',
    "a version of another package": 'from importlib.metadata import version\nif version("torch") < "1":\n    {old}\n',
    "whether Modal is there": "try:\n    import modal\nexcept ImportError:\n    modal = None\nif modal:\n    {old}\n",
    "a failure that is told": "try:\n    {old}\nexcept TypeError as error:\n    print(error)\n",
    "something that may fail": "try:\n    {old}\nexcept ValueError:\n    other = modal.Image.debian_slim()\n",
    "beside it": 'if hasattr(modal, "App"):\n    print("new")\n{old}\n',
}
OLD = {
    "a name": "stub = modal.Stub()",
    "an argument": "made = modal.App().function(keep_warm=1)",
    "an object": 'made = modal.App().function(gpu=modal.gpu.A100(size="80GB"))',
    "a method": 'image = modal.Image.debian_slim().copy_local_file("a", "/a")',
}


@pytest.mark.parametrize("old", OLD.values(), ids=OLD)
def test_what_only_some_versions_run_is_for_review_and_says_why(old: str) -> None:
    levels = {told: _levels(program.format(old=old)) for told, program in ASKED.items()}
    assert [told for told, found in levels.items() if found - {(Applicability.REVIEW, True)}] == []
    assert len([told for told, found in levels.items() if found]) > len(ASKED) / 2
    for told, program in NOT_ASKED.items():
        assert _levels(program.format(old=old)) == {(Applicability.SAFE, False)}, told


def test_what_a_program_falls_back_to_is_not_told_as_missing() -> None:
    tried = "try:\n    enter = modal.enter\nexcept AttributeError:\n    enter = modal.build\n"
    assert _rules(tried) == set()
    assert _rules(tried.replace("modal.enter", "torch.enter")) == {"unknown-api"}
    assert _rules(tried.replace("AttributeError", "ValueError")) == {"unknown-api"}


def _levels(program: str) -> set[tuple[Applicability, bool]]:
    report = look(SourceFile("a.py", f"import modal\n{program}".encode()))
    changed = [each for each in report.findings if each.choices]
    return {(each.applicability, "tells versions" in " ".join(each.evidence)) for each in changed}


def _rules(program: str) -> set[str]:
    return {each.section for each in look(SourceFile("a.py", f"import modal\n{program}".encode())).findings}
