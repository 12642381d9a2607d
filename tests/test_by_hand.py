"""What is written down by hand beside the SDK's history agrees with it, where the history can tell.

The tables stand below the history (names), or would have it loaded for each scan (versions of sections, smallest
versions); so they stay, and are compared here.
"""

from __future__ import annotations

import importlib
from importlib.util import find_spec

import pytest
from support.cases import report, sources
from support.given_back import returns

from modal_transforms.core import modal_names
from modal_transforms.modal_api import history, needs
from modal_transforms.modal_api.symbol_walk import meanings, members
from modal_transforms.sections import REGISTRY, section
from modal_transforms.sections.unknown_api.findings import _ADVICE

VERSIONS = ("0.62.236", "0.77.0", "1.6.4")

# --- names -----------------------------------------------------------------------------------------------------------

OWNERS = sorted(f"modal.{name}" for name in modal_names._OBJECTS)
FUNCTIONS = {"modal.App().function()": "modal.Function()", "modal.App().cls()": "modal.Cls()"}
"""What the SDK's types tell of decorators is another thing: what they make of a function or class."""
ROUND = {"modal.Image().imports", "modal.Image().build_async", "modal.Image().run_inside"}


def of(owner: str, version: str) -> list[str]:
    """Return the public attributes of something in a version."""
    number = history.versions().index(version)
    names = {name for each in meanings(owner) if each.alive >> number & 1 for name in members(each, number)}
    return sorted(f"{owner}.{name}" for name in names if not name.startswith("_"))


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_class_makes_of_itself_is_known(version: str) -> None:
    told = {each: returns(each, version) for owner in OWNERS for each in of(owner, version)}
    made = {each: back for each, back in told.items() if back == f"{each.rpartition('.')[0]}()"}
    assert len(made) > 20
    assert {each: modal_names.called(each) for each, back in made.items() if modal_names.called(each) != back} == {}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_steps_of_an_image_give_an_image(version: str) -> None:
    told = {each: returns(each, version) for each in of("modal.Image()", version)}
    steps = {each for each, back in told.items() if back == "modal.Image()"}
    others = {each for each, back in told.items() if back not in {None, "modal.Image()"}}
    assert len(steps) > 20
    assert {each for each in steps if modal_names.called(each) != "modal.Image()"} == set()
    assert {each for each in others if modal_names.called(each) == "modal.Image()"} == set()


def test_chains_are_those_of_the_sdk() -> None:
    for symbol, made in (modal_names._CHAINS | FUNCTIONS).items():
        back = {returns(symbol, each) for each in history.versions() if history.exists(symbol, each)}
        told = {modal_names.canonical(each) for each in back if each is not None}
        assert symbol in FUNCTIONS or symbol in ROUND or made in told, symbol


def test_names_that_are_known_were_names_of_modal() -> None:
    assert [name for name in modal_names.PUBLIC if history.lifetime(f"modal.{name}") is None] == []
    assert [name for name in modal_names._MARKERS if history.lifetime(f"modal.{name}") is None] == []


# --- when sections break ---------------------------------------------------------------------------------------------

WENT = {
    "image-copy": "modal.Image().copy_local_dir",
    "mount": "modal.Mount",
    "build": "modal.build",
    "lookup": "modal.Function.lookup",
    "gpu": "modal.gpu",
    "object-managers": "modal.Volume.delete",
    "stub-app": "modal.Stub",
}
TAKEN = {
    "autoscaler": ("modal.App().function", "keep_warm"),
    "concurrent": ("modal.App().function", "allow_concurrent_inputs"),
}


def test_a_section_breaks_when_its_first_use_went() -> None:
    gone = {slug: history.lifetime(symbol) for slug, symbol in WENT.items()}
    gone |= {slug: history.parameter_lifetime(*asked) for slug, asked in TAKEN.items()}
    said = {slug: section(slug).breaks_in for slug in gone}
    assert said == {slug: found.gone if found is not None else "" for slug, found in gone.items()}


EARLIER = {
    "stub-app": {"modal.runner.run_stub", "modal.runner.deploy_stub", "modal.serving.serve_stub"},
    "app-objects": {"modal.container_app"},
    "removed-arguments": {"interactive"},
    "old-calls": {"modal.Function().submit", "modal.Function().enqueue", "modal.lookup"},
}
"""Rows that the SDK refused before what their section is about, and before 1.0, so that no target leaves them out.

Their findings say since when.
"""


def test_rows_break_before_their_section_only_where_every_target_has_it() -> None:
    rules = [rule for rule in REGISTRY if rule.section.breaks_in]
    inside = ("", ".rows", ".detect_gone")
    names = [(rule.section, f"{rule.module_name}{module}") for rule in rules for module in inside]
    earlier: dict[str, set[str]] = {}
    seen = 0
    for told, name in names:
        module = importlib.import_module(name) if find_spec(name) else None
        table = getattr(module, "TABLE", getattr(module, "_TABLE", None))
        for row in table.rows if table is not None else ():
            seen += 1
            key = history.version_key
            if row.breaks_in and key(row.breaks_in) < key(told.breaks_in):
                assert key(row.breaks_in) < (1,), row.old
                earlier.setdefault(told.slug, set()).add(row.old)
    assert seen > 30
    assert earlier == EARLIER


def test_a_row_that_breaks_before_its_section_says_so_itself() -> None:
    text = (
        "import modal\nimport modal.runner\n\nstub = modal.Stub('a')\n\ndef work():\n    modal.runner.run_stub(stub)\n"
    )
    found = report(sources("main.py", text, {}), "main.py").findings
    assert {each.breaks_in for each in found if each.rule == "stub-function"} == {"0.64.102"}
    assert section("stub-app").breaks_in == "1.0.0"


# --- the smallest versions -------------------------------------------------------------------------------------------

NAMES = {
    "autoscaler.update": "modal.Function().autoscaler.update",
    "clustered": "modal.clustered",
    "modal.types": "modal.types",
    "filesystem.watch": "modal.Sandbox().filesystem.watch",
    "filesystem.list_files": "modal.Sandbox().filesystem.list_files",
    "filesystem.make_directory, remove": "modal.Sandbox().filesystem.make_directory",
    "filesystem": "modal.Sandbox().filesystem",
    "SandboxFilesystemError": "modal.exception.SandboxFilesystemError",
    "objects of a class": "modal.Volume.objects",
    "with_concurrency": "modal.Cls().with_concurrency",
    "get_web_url": "modal.Function().get_web_url",
    "update_autoscaler": "modal.Function().update_autoscaler",
    "concurrent": "modal.concurrent",
    "fastapi_endpoint": "modal.fastapi_endpoint",
    "FunctionCall.gather": "modal.FunctionCall.gather",
    "hydrate": "modal.Function().hydrate",
    "add_local_python_source": "modal.Image().add_local_python_source",
    "add_local_file": "modal.Image().add_local_file",
    "add_local_dir": "modal.Image().add_local_dir",
    "App.lookup": "modal.App.lookup",
    "parameter": "modal.parameter",
    "Sandbox.create": "modal.Sandbox.create",
    "FileEntryType": "modal.volume.FileEntryType",
    "enter, exit": "modal.enter",
}
RUNS = "modal.App().function"
PARAMETERS = {
    "single_use_containers=": (RUNS, "single_use_containers"),
    "context_dir=": ("modal.Image.from_dockerfile", "context_dir"),
    "min_containers=": (RUNS, "min_containers"),
    "max_containers=": (RUNS, "max_containers"),
    "buffer_containers=": (RUNS, "buffer_containers"),
    "scaledown_window=": (RUNS, "scaledown_window"),
    "include_source=": (RUNS, "include_source"),
    "from_name(name=)": ("modal.Volume.from_name", "name"),
    "add_local_python_source(ignore=)": ("modal.Image().add_local_python_source", "ignore"),
    "add_local_dir(ignore=)": ("modal.Image().add_local_dir", "ignore"),
    "extra_options=": ("modal.Image().pip_install", "extra_options"),
    "run_function(volumes=)": ("modal.Image().run_function", "volumes"),
    "enter(snap=)": ("modal.enter", "snap"),
}
OTHERWISE = {
    "App": "a module of that name was there before",
    "experimental_options=": "the versions between those that were read have it",
}
"""Measured with the releases themselves, with another answer."""


def test_smallest_versions_are_when_a_name_came() -> None:
    came = {row: history.lifetime(symbol) for row, symbol in NAMES.items()}
    came |= {row: history.parameter_lifetime(*asked) for row, asked in PARAMETERS.items()}
    told = {row: found.introduced for row, found in came.items() if found is not None}
    assert {row: needs.table()[row] for row in came} == told
    assert not set(OTHERWISE) & set(told)


# --- advice ----------------------------------------------------------------------------------------------------------

USES = {
    "modal.App().function(wait_for_response=)": "app.function(wait_for_response=True)",
    "modal.App().serve": "app.serve()",
    "modal.S3Mount": "modal.S3Mount('b')",
    "modal.Volume().download": "modal.Volume.from_name('v').download('p')",
    "modal.Volume().upload": "modal.Volume.from_name('v').upload('p')",
    "modal.Image().extend": "image.extend()",
    "modal.Sandbox.create(entrypoint_args=)": "modal.Sandbox.create(entrypoint_args=[], app=app)",
    "modal.Sandbox().exec(cmds=)": "sandbox.exec(cmds=[])",
    "modal.file_io": "modal.file_io.FileIO",
}
FILE = """import modal

app = modal.App("a")
image = modal.Image.debian_slim()

@app.function()
def f(): ...

def work(sandbox: modal.Sandbox):
    {}
"""


def test_every_advice_is_given() -> None:
    assert USES.keys() == _ADVICE.keys()
    for symbol, line in USES.items():
        findings = report(sources("main.py", FILE.format(line), {}), "main.py").findings
        assert _ADVICE[symbol] in [each.advice for each in findings if each.section == "unknown-api"], symbol
