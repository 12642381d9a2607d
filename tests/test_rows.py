"""The rows engine: what the rules make of a table, by provenance, in every way a name or an argument is written."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from support.cases import clean, sources

from modal_transforms.analysis.project import Project
from modal_transforms.core.model import Applicability, Finding
from modal_transforms.engine import open_module
from modal_transforms.modal_api.rows import ArgumentRow, NameRow, Table, find_rows
from modal_transforms.rewrite.rewrite import rewrite_all

SAFE, REVIEW, MANUAL = Applicability.SAFE, Applicability.REVIEW, Applicability.MANUAL
TABLE = Table(
    [
        NameRow(rule="hub", old="modal.Image.from_dockerhub", new="modal.Image.from_registry", gone="0.62.236"),
        NameRow(rule="shared", old="modal.SharedVolume", new="modal.NetworkFileSystem"),
        NameRow(rule="gather", old="modal.functions.gather", new="modal.FunctionCall.gather"),
        NameRow(rule="type", old="modal.cli.volume.FileType", new="modal.volume.FileEntryType"),
        NameRow(rule="call", old="modal.Function().call", new="modal.Function().remote"),
        NameRow(rule="container", old="modal.container_app", advice="Read a variable of the module."),
        ArgumentRow(
            rule="shared=",
            callees=("modal.App().function", "modal.App().cls"),
            old="shared_volumes",
            new="network_file_systems",
        ),
        ArgumentRow(
            rule="boost", callees=("modal.App().function",), old="_experimental_boost", gone="0.65.66", only_for=(True,)
        ),
    ]
)
HEAD = 'import modal\n\nstub = modal.Stub("a")\n\n'


def look(code: str, files: Mapping[str, str] | None = None) -> tuple[list[Finding], str]:
    """Return what the table finds in a file, and the file with all that rewritten."""
    found = sources("main.py", code, files or {})
    project = Project(found, lambda name: found[name].data)
    module = open_module(found["main.py"], project)
    project.adopt(module)
    findings = list(find_rows(module, TABLE))
    changes = [change for finding in findings for choice in finding.choices for change in choice.changes]
    result = rewrite_all(found, changes)
    return findings, result["main.py"].after.text if "main.py" in result else clean(code)


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("hub", "import modal as m\nm.Image.from_dockerhub('i')\n", "import modal as m\nm.Image.from_registry('i')\n"),
        (
            "hub",
            "from modal import Image\nImage.from_dockerhub(\n    'i',\n)\n",
            "from modal import Image\nImage.from_registry(\n    'i',\n)\n",
        ),
        ("shared", "import modal\nmodal.SharedVolume()\n", "import modal\nmodal.NetworkFileSystem()\n"),
        (
            "shared",
            "from modal import App, SharedVolume\nv: SharedVolume = SharedVolume()\n",
            "from modal import App, NetworkFileSystem\nv: NetworkFileSystem = NetworkFileSystem()\n",
        ),
        (
            "shared",
            "from modal import NetworkFileSystem, SharedVolume\nSharedVolume(), NetworkFileSystem\n",
            "from modal import NetworkFileSystem\nNetworkFileSystem(), NetworkFileSystem\n",
        ),
        ("shared", "from modal import SharedVolume as SV\nSV()\n", "from modal import NetworkFileSystem as SV\nSV()\n"),
        (
            "shared",
            "from modal import SharedVolume\nclass NetworkFileSystem: ...\nSharedVolume()\n",
            "import modal\nclass NetworkFileSystem: ...\nmodal.NetworkFileSystem()\n",
        ),
        (
            "shared",
            "from modal import SharedVolume\n__all__ = ['SharedVolume']\n",
            "from modal import NetworkFileSystem as SharedVolume\n__all__ = ['SharedVolume']\n",
        ),
        (
            "gather",
            "from modal.functions import gather\ngather(1)\n",
            "from modal import FunctionCall\nFunctionCall.gather(1)\n",
        ),
        ("gather", "import modal\nmodal.functions.gather(1)\n", "import modal\nmodal.FunctionCall.gather(1)\n"),
        (
            "type",
            "from modal.cli.volume import FileType\nFileType.FILE\n",
            "from modal.volume import FileEntryType\nFileEntryType.FILE\n",
        ),
        (
            "call",
            f"{HEAD}@stub.function()\ndef f(): ...\n\nf.call(1)\nf.call.aio(1)\n",
            f"{HEAD}@stub.function()\ndef f(): ...\n\nf.remote(1)\nf.remote.aio(1)\n",
        ),
        (
            "shared=",
            f"{HEAD}@stub.function(cpu=1, shared_volumes={{}})\ndef f(): ...\n",
            f"{HEAD}@stub.function(cpu=1, network_file_systems={{}})\ndef f(): ...\n",
        ),
        (
            "boost",
            f"{HEAD}@stub.function(cpu=1, _experimental_boost=True)\ndef f(): ...\n",
            f"{HEAD}@stub.function(cpu=1)\ndef f(): ...\n",
        ),
    ],
)
def test_a_row_becomes_a_safe_rewrite(rule: str, before: str, after: str) -> None:
    findings, text = look(before)
    assert {(each.rule, each.applicability) for each in findings} == {(rule, SAFE)}
    assert text == after


@pytest.mark.parametrize(
    ("code", "level", "message"),
    [
        ("import modal\nmodal.container_app.x\n", MANUAL, "modal.container_app went in 0.62.38"),
        ("from modal import container_app\n", MANUAL, "modal.container_app went in 0.62.38"),
        (
            f"{HEAD}@stub.function(_experimental_boost=False)\ndef f(): ...\n",
            REVIEW,
            "_experimental_boost went in 0.65.66",
        ),
        (
            f"{HEAD}O = {{'shared_volumes': {{}}}}\n@stub.function(**O)\ndef f(): ...\n",
            REVIEW,
            "shared_volumes is network_file_systems now",
        ),
        (
            f"{HEAD}@stub.function(shared_volumes={{}}, network_file_systems={{}})\ndef f(): ...\n",
            MANUAL,
            "shared_volumes is network_file_systems now",
        ),
    ],
)
def test_a_row_becomes_what_a_person_looks_at(code: str, level: Applicability, message: str) -> None:
    (finding,), _ = look(code)
    assert (finding.applicability, finding.message) == (level, message)
    assert finding.advice or level is REVIEW
    assert bool(finding.choices) is (level is REVIEW)


@pytest.mark.parametrize(
    "code",
    [
        "import subprocess\nsubprocess.call([])\n",
        "from storage import SharedVolume\nSharedVolume()\n",
        "import modal\ndef f(g):\n    g.call()\n",
        "import modal\nif hasattr(modal, 'SharedVolume'):\n    modal.SharedVolume()\n",
        "def shared(shared_volumes=None): ...\nshared(shared_volumes={})\n",
    ],
)
def test_what_only_reads_like_a_row_is_left_alone(code: str) -> None:
    assert look(code)[0] == []


def test_a_name_that_another_file_takes_stays_importable() -> None:
    code = "from modal import SharedVolume\n"
    _, text = look(code, {"other.py": "import modal\nfrom main import SharedVolume\nSharedVolume()\n"})
    assert text == "from modal import NetworkFileSystem as SharedVolume\n"


@pytest.mark.parametrize(
    ("code", "breaks_in"),
    [
        ("import modal\nmodal.Image.from_dockerhub('i')\n", "0.62.236"),
        ("from modal.functions import gather\n", "1.4.0"),
        (f"{HEAD}@stub.function(_experimental_boost=True)\ndef f(): ...\n", "0.65.66"),
    ],
)
def test_a_finding_says_when_it_breaks(code: str, breaks_in: str) -> None:
    (finding,), _ = look(code)
    assert finding.breaks_in == breaks_in


def test_a_method_is_told_by_its_name() -> None:
    found, _ = look(f"{HEAD}@stub.function()\ndef f(): ...\n\nf.call(1)\n")
    assert [choice.label for each in found for choice in each.choices] == ["write .remote"]
    found, _ = look(f'{HEAD}image = modal.Image.from_dockerhub("x")\n')
    assert [choice.label for each in found for choice in each.choices] == ["write modal.Image.from_registry"]
