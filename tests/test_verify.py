"""``modal-wizard verify`` under the real SDKs: what it says of modules, and of those that misbehave when imported."""

from __future__ import annotations

import contextlib
import json
import os
import select
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support.cases import clean
from support.gitbox import Box, new_box
from support.sdk import NEW, OLD, sdk_python

from modal_wizard.cli.main import main
from modal_wizard.scan.discover import ScanScope
from modal_wizard.verify.child import import_modules
from modal_wizard.verify.result import Check, ImportOutcome, RepositoryState, Verification
from modal_wizard.verify.tree import Tree
from modal_wizard.verify.verify import verify

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")


def tree_of(folder: Path, files: dict[str, str]) -> Tree:
    root = folder / "root"
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(clean(text), "utf-8")
    return Tree(RepositoryState.NOW, root, list(files))


def imported(folder: Path, code: str, sdk: str = NEW, seconds: int = 20, **files: str) -> Check:
    others = {f"{name}.py": text for name, text in files.items()}
    tree = tree_of(folder, {"main.py": code, **others})
    return next(import_modules([(tree, "main.py")], sdk, sdk_python(sdk), seconds))[0]


# --- what the SDK says -----------------------------------------------------------------------------------------------

GPU = """
    import modal

    app = modal.App("a")

    @app.function(gpu=modal.gpu.H100())
    def f(): ...
"""


def test_the_old_sdk_warns_and_the_new_one_refuses(tmp_path: Path) -> None:
    old, new = imported(tmp_path / "o", GPU, OLD), imported(tmp_path / "n", GPU, NEW)
    assert old.outcome is ImportOutcome.WARNED
    assert [(each.path, each.line) for each in old.warnings] == [("main.py", 5)]
    assert new.outcome is ImportOutcome.FAILED
    assert new.error is not None
    assert new.error.modals
    assert (new.error.path, new.error.line) == ("main.py", 5)
    assert "gpu" in new.error.text


MODALS = {
    "an import": "from modal import Stub",
    "an import of a module": "import modal.gpu",
    "an attribute": "import modal\nmodal.Mount",
    "an attribute of an object": 'import modal\nmodal.Image.debian_slim().copy_mount("x")',
    "an argument": 'import modal\napp = modal.App("a")\n@app.function(mounts=[])\ndef f(): ...',
    "a value": 'import modal\nmodal.Image.debian_slim().pip_install("-U", "a")',
}
OWN = {
    "a value of a package that is stood in for": """
import modal
from settings import CONF
app = modal.App(str(CONF.name))
@app.function(volumes={f"{CONF.place}": modal.Volume.from_name("a")})
def f(): ...
""",
    "an error of its own": "import modal\n1 / 0",
    "a name that is nowhere": "import modal\nnothing",
    "an attribute of another package": "import modal, json\njson.nothing",
    "a module of its own that is not there": "import modal\nfrom other import thing",
    "a syntax error": "import modal\nimport broken",
    "a file that is not there": "import modal\nopen('nowhere.txt')",
    "an end": "import modal\nraise SystemExit(3)",
}


@pytest.mark.parametrize("code", MODALS.values(), ids=MODALS)
def test_what_the_sdk_refuses_is_modals(tmp_path: Path, code: str) -> None:
    check = imported(tmp_path, code)
    assert check.outcome is ImportOutcome.FAILED, check


@pytest.mark.parametrize("code", OWN.values(), ids=OWN)
def test_other_errors_are_the_repositorys_own(tmp_path: Path, code: str) -> None:
    check = imported(tmp_path, code, other="x = 1", broken="def")
    assert check.outcome is ImportOutcome.BROKEN, check
    assert check.error is not None
    assert check.error.path is not None


def test_packages_that_are_missing_are_stood_in_for(tmp_path: Path) -> None:
    code = """
        import modal, torch
        from transformers.models import AutoModel
        app = modal.App("a")
        @app.cls()
        class A(torch.nn.Module): ...
        x = AutoModel.from_pretrained("x").to(torch.device("cuda"))
    """
    assert imported(tmp_path, code).outcome is ImportOutcome.PASSED


def test_what_a_missing_package_is_computed_with_goes_on(tmp_path: Path) -> None:
    code = """
        import os
        from pathlib import Path
        import modal
        from settings import CONF, decorate, timer
        place = Path("/models") / CONF.folder / (CONF.name / "x")
        os.environ["PLACE"] = os.fspath(CONF.path) + f"{CONF.size:.1f}"
        merged = CONF.values | {"a": 1}
        more = 2 * CONF.size + CONF.size // 3 - -CONF
        while CONF.size < 10 and len(CONF.items) > 0 or "a" in CONF.items:
            pass
        with timer, timer("x"):
            rows = [*CONF.items, *range(CONF.size)]
        @decorate
        def helper(): ...
        class Kept:
            @decorate
            @property
            def name(self): return "kept"
        assert Kept().name == "kept"
        app = modal.App("a")
        @app.function(serialized=True, secrets=[modal.Secret.from_dict({**CONF.extra})])
        @decorate
        def run(): return helper.__name__
    """
    assert imported(tmp_path, code).error is None


def test_a_model_of_a_package_that_is_missing_has_what_it_is_given(tmp_path: Path) -> None:
    code = """
        import modal
        from pydantic import BaseModel
        class Settings(BaseModel):
            name: str
            size: int = 2
        settings = Settings(name="a")
        app = modal.App(settings.name)
        @app.function(serialized=True, min_containers=settings.size)
        def run(): ...
    """
    assert imported(tmp_path, code).outcome is ImportOutcome.PASSED


def test_what_is_looked_up_at_import_is_answered(tmp_path: Path) -> None:
    check = imported(tmp_path, 'import modal\nvolume = modal.Volume.lookup("v")', OLD)
    assert check.outcome is ImportOutcome.WARNED


LAYOUTS = {
    "a package": ({"src/pkg/__init__.py": "", "src/pkg/main.py": "from .other import x", "src/pkg/other.py": "x = 1"}),
    "a package that says its own name": (
        {
            "src/pkg/main.py": "from .other import app\nfrom pkg.other import app as same\nassert app is same",
            "src/pkg/other.py": "import modal\napp = modal.App()\n@app.local_entrypoint()\ndef f(): ...",
        }
    ),
    "a folder": ({"src/main.py": "from .other import x", "src/other.py": "from modal import App\nx = 1"}),
    "beside a folder above": ({"a-b/cogs/main.py": "import consts", "a-b/consts.py": ""}),
    "a folder called modal": ({"modal/jobs/deep/main.py": "from ..other import x", "modal/jobs/other.py": "x = 1"}),
    "a package run as files": ({"jobs/__init__.py": "", "jobs/main.py": "import other", "jobs/other.py": "x = 1"}),
    "installed from src": ({"scripts/main.py": "import kernels.deep", "src/kernels/deep.py": "import modal"}),
    "a name that no import can say": ({"src/hf-models.example.main.py": "import modal"}),
}


@pytest.mark.parametrize("files", LAYOUTS.values(), ids=LAYOUTS)
def test_a_module_finds_its_neighbours(tmp_path: Path, files: dict[str, str]) -> None:
    module = next(path for path in files if path.endswith("main.py"))
    check, _ = next(import_modules([(tree_of(tmp_path, files), module)], NEW, sdk_python(NEW)))
    assert check.outcome is ImportOutcome.PASSED, check


# --- what misbehaves -------------------------------------------------------------------------------------------------

BAD = {
    "hangs": ("while True: pass", "not imported within"),
    "leaves": ("import os; os._exit(7)", "status 7"),
    "kills itself": ("import os; os.kill(os.getpid(), 9)", "signal 9"),
}
WALLED = {
    "connects": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "asks for a name": "import socket; socket.getaddrinfo('modal.com', 443)",
    "starts a program": "import subprocess; subprocess.run(['true'])",
    "starts a shell": "import os; os.system('true')",
    "writes elsewhere": "from pathlib import Path; Path({outside!r}).write_text('x')",
    "takes away elsewhere": "import os; os.remove({outside!r})",
}


@POSIX
@pytest.mark.parametrize(("code", "words"), BAD.values(), ids=BAD)
def test_a_module_that_does_not_come_back_is_a_row(tmp_path: Path, code: str, words: str) -> None:
    check = imported(tmp_path, f"import modal\n{code}", seconds=2)
    assert check.outcome is ImportOutcome.ENDED
    assert check.error is not None
    assert words in check.error.text


@POSIX
def test_one_that_ends_takes_no_other_along(tmp_path: Path) -> None:
    """The modules of an SDK share its start; what cannot be told as it is, is told so that it can be read."""
    codes = {
        "before": "raise ValueError('x' * 5_000_000)",
        "ends": "import os\nos.kill(os.getpid(), 9)",
        "surrogate": r"raise ValueError('\udcff')",
        "prints": "import sys\nsys.stdout.write('x' * (1 << 26))",
    }
    tree = tree_of(tmp_path, {f"{name}.py": f"import modal\n{code}" for name, code in codes.items()})
    jobs = [(tree, f"{name}.py") for name in codes]
    checks = [check for check, _ in import_modules(jobs, NEW, sdk_python(NEW))]
    said = [check.error.text if check.error else "" for check in checks]
    assert [check.module for check in checks] == [module for _, module in jobs]
    assert said[0].endswith("(5000012 characters)")
    assert "signal 9" in said[1]
    assert said[2:] == [r"ValueError: \udcff", ""]


def test_an_sdk_that_cannot_be_had_is_a_column_and_stops_no_other(
    migrated: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    there, cache = sdk_python(NEW).parents[1], tmp_path / "cache" / sdk_python(NEW).parts[-4]
    cache.mkdir(parents=True)
    (cache / there.name).symlink_to(there)
    (cache / "modal-0.1.0.lock").mkdir()
    monkeypatch.setenv("MODAL_WIZARD_SDK_CACHE", str(tmp_path / "cache"))
    assert main(["verify", "--sdk", "0.1.0", "--sdk", NEW, str(migrated.root)]) == 2
    said = capsys.readouterr()
    assert "modal 0.1.0 could not be installed into" in said.err
    assert "          0.1.0             1.6.4\nmodule    before   now      before  now\n" in said.out
    assert "app.py    not run  not run  error   ok" in said.out
    assert "modal 0.1.0: 2 modules, errors 0 -> 0, with warnings 0 -> 0, 2 not run." in said.out


@pytest.mark.parametrize("code", WALLED.values(), ids=WALLED)
def test_what_reaches_out_is_refused_and_named(tmp_path: Path, code: str) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine", "utf-8")
    check = imported(tmp_path / "in", f"import modal\n{code.format(outside=str(outside))}")
    assert check.outcome is ImportOutcome.BROKEN, check
    assert check.error is not None
    assert "here" in check.error.text or "outside the copy" in check.error.text
    assert outside.read_text("utf-8") == "mine"


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for a process that is no child of ours")
def test_nothing_that_it_started_remains_and_output_goes_nowhere(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code = """
        import modal, os, signal
        if os.fork() == 0:
            os.setsid()
            if os.fork():
                os._exit(0)
            open("child", "w").write(str(os.getpid()))
            signal.pause()
        while not os.path.exists("child") or not open("child").read(): pass
        print("x" * 1_000_000)
    """
    check = imported(tmp_path, code)
    assert check.outcome is ImportOutcome.PASSED, check
    assert capfd.readouterr() == ("", "")
    child = int((tmp_path / "root" / "child").read_text())
    with contextlib.suppress(ProcessLookupError):  # it is gone already
        assert select.select([os.pidfd_open(child)], [], [], 30)[0]


@POSIX
def test_what_takes_all_memory_is_refused(tmp_path: Path) -> None:
    check = imported(tmp_path, "import modal\nx = bytearray(64 << 30)")
    assert check.outcome in {ImportOutcome.BROKEN, ImportOutcome.ENDED}


def test_secrets_and_the_home_folder_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
    code = """
        import modal, os
        from pathlib import Path
        assert "AWS_SECRET_ACCESS_KEY" not in os.environ
        assert not list(Path.home().glob(".*"))
    """
    assert imported(tmp_path, code).outcome is ImportOutcome.PASSED


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return new_box(tmp_path / "shop")


@pytest.fixture
def migrated(box: Box) -> Box:
    box.write("app.py", clean(GPU).encode())
    box.write("other.py", b"import modal\napp = modal.App()\n")
    box.commit_all("ours")
    assert main(["apply", "--all", "--commit", str(box.root)]) == 0
    return box


def test_before_is_where_the_migration_began(migrated: Box, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["verify", str(migrated.root)]) == 0
    said = capsys.readouterr()
    assert "runs their code" in said.err
    assert f"modal {NEW}: 2 modules, errors 1 -> 0, with warnings 0 -> 0." in said.out
    assert f"modal {OLD}: 2 modules, errors 0 -> 0, with warnings 1 -> 0." in said.out


def test_json_holds_every_check(migrated: Box, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["verify", "--format", "json", "--sdk", NEW, "--before", "HEAD", str(migrated.root)]) == 0
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert {(each["module"], each["state"], each["outcome"]) for each in data["checks"]} == {
        (module, state, "passed") for module in ("app.py", "other.py") for state in ("before", "now")
    }
    assert msgspec.convert(data, Verification).count(NEW, RepositoryState.NOW, ImportOutcome.PASSED) == 2


def test_what_the_target_refuses_now_is_the_exit_code(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    box.write("app.py", clean(GPU).encode())
    box.commit_all("ours")
    assert main(["verify", "--sdk", NEW, str(box.root)]) == 1
    assert "app.py:5: error: AttributeError" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--sdk", "newest"], "takes a version"), (["--before", "nowhere"], "no commit nowhere")],
)
def test_bad_input_is_named(box: Box, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    box.write("app.py", b"import modal\n")
    box.commit_all("ours")
    try:
        code = main(["verify", *arguments, str(box.root)])
    except SystemExit as end:
        code = end.code  # type: ignore[assignment]
    assert code == 2
    assert words in capsys.readouterr().err


def test_a_folder_without_a_repository_has_one_state(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import modal\napp = modal.App()\n", "utf-8")
    found = verify(ScanScope(tmp_path, "", False), [NEW], None, lambda _: None, lambda *_: None)
    assert [(each.state, each.outcome) for each in found.checks] == [(RepositoryState.NOW, ImportOutcome.PASSED)]


def test_the_repository_is_left_as_it_is(migrated: Box) -> None:
    (migrated.root / "app.py").write_text("import modal\nopen('new.txt', 'w').write('x')\n", "utf-8")
    main(["verify", "--sdk", NEW, str(migrated.root)])
    assert not (migrated.root / "new.txt").exists()
    assert not list(migrated.root.rglob("__pycache__"))
