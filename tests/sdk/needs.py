"""The smallest SDK of every choice: the table of the project, and how it was measured with the real wheels.

    cd tests && python -m sdk.needs            the table, as Markdown: every choice that a case of the tests makes
    cd tests && python -m sdk.needs --measure  runs a program for every row under the release that the row names, and
                                               under the one before it: some minutes, and the package registry once

`MEASURED` has for every row of `modal_transforms.modal_api.needs` the release before, in which the program fails.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from msgspec import Struct
from support.cases import Case, report, sources
from support.wheels import run_under

from modal_transforms.modal_api import needs
from modal_transforms.modal_api.history import version_key
from modal_transforms.sections import every_section

IMAGE = "import modal, os; os.mkdir('a'); open('a/f.py', 'w').close(); image = modal.Image.debian_slim(); "
FUNCTION = """
import modal
try:
    app = modal.App("a")
except (AttributeError, TypeError):
    app = modal.Stub("a")
app.function"""
CLASS = """
import modal
app = modal.App() if hasattr(modal, 'App') else modal.Stub()
@app.cls()
class C:
    value: %s = modal.parameter()
"""
COPIED = "import modal; modal.Image.debian_slim().dockerfile_commands('COPY a /a', ignore=['x'])"
ASKED = """
import os
os.environ |= {'MODAL_TOKEN_ID': 'ak-1', 'MODAL_TOKEN_SECRET': 'as-1', 'MODAL_SERVER_URL': 'http://127.0.0.1:9'}
import modal
try:
    %s
except modal.exception.ConnectionError:
    pass
"""
"""Ends well when it gets as far as asking the server, which is not there."""
SHIPPED = """
import modal, os
from pathlib import Path, PurePosixPath
from modal.mount import _Mount
for name in ('a/f.txt', 'a/b/g.txt'):
    os.makedirs(os.path.dirname(name), exist_ok=True)
    open(name, 'w').close()
mount = _Mount._add_local_dir(Path('a'), PurePosixPath('/a'), ignore=modal.FilePatternMatcher('*/**'))
files = [str(there) for _, there in mount._entries[0].get_files_to_upload()]
assert files == ['/a/f.txt'], files
"""
RUN = """
import subprocess, sys
said = subprocess.run([sys.executable, '-m', 'modal', 'run', '-m', 'none'], capture_output=True, text=True)
assert 'No such option' not in said.stdout + said.stderr
"""


class Measured(Struct, frozen=True):
    """How the smallest SDK of a row was found."""

    name: str
    """The row's."""
    last: str
    """The release before: the program fails under it."""
    program: str
    """Ends well under the row's release."""
    symbol: str = ""
    """What the history of the SDK tells it by, where it does."""
    parameter: str = ""


def _function(argument: str, last: str, value: object = 2) -> Measured:
    return Measured(f"{argument}=", last, f"{FUNCTION}({argument}={value})", "modal.App().function", argument)


def _image(name: str, last: str, call: str, argument: str = "") -> Measured:
    return Measured(name, last, f"{IMAGE}image.{call}", f"modal.Image().{call.partition('(')[0]}", argument)


def _modal(name: str, last: str, call: str, symbol: str = "", argument: str = "") -> Measured:
    return Measured(name, last, f"import modal; modal.{call}", symbol, argument)


def _gpu(name: str, last: str, text: object) -> Measured:
    return Measured(name, last, f"{FUNCTION}(gpu={text!r})(print)")


def _asked(owner: str, last: str, call: str) -> Measured:
    return Measured(f"{owner}.from_name, used at once", last, ASKED % f"list(modal.{owner}.from_name({call})")


def _filesystem(name: str, last: str, method: str) -> Measured:
    program = f"from modal.sandbox_fs import SandboxFilesystem; SandboxFilesystem.{method}"
    return Measured(name, last, program, f"modal.Sandbox().filesystem.{method}")


def _creating(owner: str, last: str) -> Measured:
    name = f"{owner}.from_name(create_if_missing=)"
    call = f"{owner}.from_name('v', create_if_missing=True)"
    return _modal(name, last, call, f"modal.{owner}.from_name", "create_if_missing")


LISTED = "import inspect, modal; assert 'recursive' in inspect.signature(modal.Volume.listdir).parameters"

MEASURED = (
    _modal("autoscaler.update", "1.6.1", "Function.from_name('a', 'f').autoscaler.update"),
    _modal(
        *("from_name(client=)", "1.2.1", "Volume.from_name('a', client=None)"),
        *("modal.Volume.from_name", "client"),
    ),
    _modal("clustered", "1.5.5", "clustered", "modal.clustered"),
    Measured("modal.types", "1.5.1", "import modal.types", "modal.types"),
    _filesystem("filesystem.watch", "1.4.3", "watch"),
    _filesystem("filesystem.list_files", "1.4.2", "list_files"),
    _filesystem("filesystem.make_directory, remove", "1.4.1", "make_directory"),
    _filesystem("filesystem", "1.3.5", "read_text"),
    _modal(
        *("SandboxFilesystemError", "1.3.5", "exception.SandboxFilesystemError"),
        "modal.exception.SandboxFilesystemError",
    ),
    _function("single_use_containers", "1.2.6", value=True),
    _modal("objects of a class", "1.1.1", "Volume.objects", "modal.Volume.objects"),
    Measured("ignore= of relative paths", "0.75.8", SHIPPED),
    _modal(
        *("with_concurrency", "0.75.7", "Cls.from_name('a', 'C').with_concurrency(max_inputs=2)"),
    ),
    _modal("get_web_url", "0.74.62", "Function.get_web_url", "modal.Function().get_web_url"),
    _modal("update_autoscaler", "0.74.45", "Function.update_autoscaler", "modal.Function().update_autoscaler"),
    Measured("experimental_options=", "0.74.11", f"{FUNCTION}(experimental_options={{}})"),
    Measured("parameter of bool", "0.73.157", CLASS % "bool"),
    _image("context_dir=", "0.73.143", "dockerfile_commands('RUN x', context_dir='.')", "context_dir"),
    _modal("concurrent", "0.73.131", "concurrent(max_inputs=2)", "modal.concurrent"),
    Measured("parameter of bytes", "0.73.114", CLASS % "bytes"),
    _modal("fastapi_endpoint", "0.73.81", "fastapi_endpoint()", "modal.fastapi_endpoint"),
    _function("min_containers", "0.73.75"),
    _function("max_containers", "0.73.75"),
    _function("buffer_containers", "0.73.75"),
    _function("scaledown_window", "0.73.75"),
    _modal("FunctionCall.gather", "0.73.68", "FunctionCall.gather", "modal.FunctionCall.gather"),
    Measured("modal run -m", "0.73.57", RUN),
    _function("include_source", "0.72.58", value=False),
    _modal("hydrate", "0.72.38", "Volume.from_name('v').hydrate", "modal.Volume().hydrate"),
    Measured("files of COPY found", "0.68.55", COPIED, "modal.Image().dockerfile_commands", "ignore"),
    _gpu("gpu L40S", "0.68.43", "L40S"),
    _modal("from_name(name=)", "0.68.38", "Volume.from_name(name='v')", "modal.Volume.from_name", "name"),
    _image("add_local_python_source(ignore=)", "0.68.30", "add_local_python_source('a', ignore=['x'])", "ignore"),
    _image("add_local_dir(ignore=)", "0.68.19", "add_local_dir('a', '/a', ignore=['x'])", "ignore"),
    _asked("Cls", "0.68.9", "'a', 'C')().method.remote()"),
    _image("add_local_python_source", "0.67.27", "add_local_python_source('a', copy=True)"),
    _image("add_local_file", "0.66.39", "add_local_file('a/f.py', '/f.py', copy=True)"),
    _image("add_local_dir", "0.66.39", "add_local_dir('a', '/a', copy=True)"),
    _asked("Function", "0.64.154", "'a', 'f').map([1])"),
    _modal(
        *("Environment.from_name, used at once", "0.64.166", "environments.Environment.from_name('a')"),
        "modal.environments.Environment.from_name",
    ),
    _modal("App.lookup", "0.64.108", "App.lookup", "modal.App.lookup"),
    Measured("parameter", "0.64.47", CLASS % "str", "modal.parameter"),
    _image("extra_options=", "0.63.34", "pip_install('a', extra_options='-q')", "extra_options"),
    _modal("Sandbox.create", "0.63.28", "Sandbox.create", "modal.Sandbox.create"),
    Measured(
        *("Volume.listdir(recursive=)", "0.62.109", LISTED, "modal.Volume().listdir", "recursive"),
    ),
    _modal("FileEntryType", "0.62.66", "volume.FileEntryType", "modal.volume.FileEntryType"),
    _image("run_function(volumes=)", "0.62.235", "run_function(print, volumes={})", "volumes"),
    _modal("App", "0.62.31", "App('a').function"),
    _asked("Volume", "0.62.25", "'v').listdir('/')"),
    _asked("Dict", "0.62.25", "'d').get('x')"),
    _asked("Queue", "0.62.25", "'q').get()"),
    _asked("NetworkFileSystem", "0.62.25", "'n').listdir('/')"),
    _modal("enter(snap=)", "0.61.22", "enter(snap=True)", "modal.enter", "snap"),
    _creating("Volume", "0.60.13"),
    _creating("NetworkFileSystem", "0.60.6"),
    _creating("Queue", "0.57.2"),
    _creating("Dict", "0.56.4940"),
    _gpu("gpu H100", "0.56.4909", "H100"),
    _gpu("gpu A100-40GB, A100-80GB", "0.56.4696", "A100-40GB"),
    _modal("enter, exit", "0.56.4358", "enter, modal.exit", "modal.exit"),
    _gpu("gpu count", "0.52.3528", "T4:2"),
    _gpu("gpu L4", "0.52.3412", "L4"),
)


def measure() -> list[str]:
    """Run every program under its row's release and the one before, printing; return what is not as the table says."""
    since = needs.table()
    with ThreadPoolExecutor(2) as pool:
        before = pool.map(lambda row: run_under(row.last, row.program), MEASURED)
        after = pool.map(lambda row: run_under(since[row.name], row.program), MEASURED)
        wrong = []
        for row, old, new in zip(MEASURED, before, after, strict=True):
            print(f"{row.name}: {row.last}: {old or 'takes it'}; {since[row.name]}: {new or 'takes it'}", flush=True)
            wrong += [f"{row.name}: {row.last} takes it too"] * (not old)
            wrong += [f"{row.name}: {since[row.name]} does not take it"] * bool(new)
    return wrong


def choices() -> dict[tuple[str, str, str], set[str]]:
    """Return what the choices of all cases need, by section, rule and choice; empty where every SDK will do."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for section in every_section():
        for case in cases(section.slug):
            for finding in report(sources(case.path, case.before, case.files), case.path).findings:
                for choice in finding.choices if finding.section == section.slug else ():
                    found.setdefault((section.slug, finding.rule, choice.key), set()).add(choice.needs)
    return found


def cases(slug: str) -> list[Case]:
    """Return the cases of a section."""
    found: list[Case] = importlib.import_module(f"cases.{slug.replace('-', '_')}").CASES
    return found


def as_markdown() -> Iterator[str]:
    """Yield the lines of two tables: what is written, and what each choice needs for it."""
    yield from ("| what is written | from | fails before, in |", "|---|---|---|")
    since = needs.table()
    for row in sorted(MEASURED, key=lambda row: version_key(since[row.name]), reverse=True):
        yield f"| `{row.name}` | {since[row.name]} | {row.last} |"
    yield from ("", "| section | rule | choice | smallest SDK |", "|---|---|---|---|")
    for (section, rule, choice), several in choices().items():
        listed = ", ".join(sorted(several - {""}, key=version_key))
        words = f"{'any, or ' if listed and '' in several else ''}{listed}" or "any"
        yield f"| {section} | {rule} | {choice} | {words} |"


if __name__ == "__main__":
    wrong = measure() if "--measure" in sys.argv else []
    print("\n".join(wrong or as_markdown()))
    sys.exit(bool(wrong))
