"""A scan loads and reads no more than it needs; these tests fail when it does, and none of them asserts a time."""

from __future__ import annotations

import ast
import gc
import itertools
import random
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from git import Git as GitCommand
from support.pilot import write

import modal_transforms
import modal_wizard
from modal_transforms.analysis import index
from modal_transforms.analysis.import_graph import ImportGraph
from modal_transforms.analysis.import_scan import ModuleFinder, import_lines, statements
from modal_transforms.analysis.loaded_imports import all_run_later, placed_statements
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.project import Project
from modal_transforms.core.source import SourceFile
from modal_transforms.modal_api import guards
from modal_transforms.sections import BACKSTOP, REGISTRY
from modal_transforms.sections.local_source.needs import needs
from modal_wizard.cli.main import main
from modal_wizard.demo import write_demo
from modal_wizard.files.reader import Reader
from modal_wizard.git import runner
from modal_wizard.git.command import Completed
from modal_wizard.scan.analysis import Analysis
from modal_wizard.scan.discover import scope_of
from modal_wizard.scan.scanner import gc_paused, scan_all

SECTION_MODULES = {rule.module_name for rule in REGISTRY}
NOT_FOR_A_SCAN = {
    "difflib",
    "git",
    "libcst",
    "modal_transforms.rewrite.rewrite",
    "modal_transforms.formats.document",
    "modal_transforms.formats.notebook",
    "modal_wizard.files.transaction",
    "modal_wizard.git.runner",
    "modal_wizard.migration.migration",
    "modal_wizard.migration.requirements",
    "modal_wizard.session.log",
    "textual",
}
OLD = "import modal\n\napp = modal.App()\n\n\n@app.function(keep_warm=1)\ndef f(): ...\n"


def loaded_by_scan(folder: Path, *options: str) -> set[str]:
    """Return the modules that are loaded when a scan of a folder is over."""
    script = (
        "import sys\nfrom modal_wizard.cli.main import main\n"
        f"main({['scan', *options, str(folder)]!r})\n"
        "print('LOADED', *sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.rpartition("LOADED ")[2].split())


def test_a_scan_of_code_without_modal_loads_no_section_and_nothing_that_writes(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import torch\n\n\ndef multimodal(keep_warm): ...\n")
    loaded = loaded_by_scan(tmp_path)
    assert "modal_wizard.scan.scanner" in loaded
    assert not loaded & (SECTION_MODULES | NOT_FOR_A_SCAN)


def test_a_scan_loads_only_the_sections_whose_words_it_meets(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(OLD)
    loaded = loaded_by_scan(tmp_path)
    met = {f"modal_transforms.sections.{name}" for name in ("old_calls", "autoscaler")}  # a function may be called
    assert loaded & SECTION_MODULES == {*met, BACKSTOP.module_name}
    assert not loaded & NOT_FOR_A_SCAN


def test_only_newer_syntax_loads_libcst(tmp_path: Path) -> None:
    old = OLD.replace("keep_warm=1", "allow_concurrent_inputs=2, cpu=1")
    (tmp_path / "app.py").write_text(old)
    assert "libcst" not in loaded_by_scan(tmp_path, "--format", "json", "--edits")
    (tmp_path / "older.py").write_text(f"{old}print 'a'\n")
    assert "libcst" not in loaded_by_scan(tmp_path)
    (tmp_path / "newer.py").write_text(f"{old}print(f'{{'a'}}')\n")
    assert ("libcst" in loaded_by_scan(tmp_path)) == (sys.version_info < (3, 12))


def test_what_reads_documents_is_loaded_for_documents_of_modal(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Notes\n\nNothing of note.\n")
    assert "modal_transforms.formats.document" not in loaded_by_scan(tmp_path)
    (tmp_path / "README.md").write_text("```python\nimport modal\n```\n")
    assert "modal_transforms.formats.document" in loaded_by_scan(tmp_path)


@pytest.mark.parametrize("command", ["", "scan", "apply", "restore", "explain", "demo", "skill", "completion"])
def test_help_loads_nothing_but_the_arguments_of_its_command(command: str) -> None:
    script = (
        "import sys\nfrom modal_wizard.cli.main import main\n"
        f"try:\n    main({[*filter(None, [command]), '--help']!r})\n"
        "except SystemExit:\n    print('LOADED', *sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.rpartition("LOADED ")[2].split())
    own = {name for name in loaded if name.startswith(("modal_", "git", "libcst", "textual", "msgspec"))}
    commands = {f"modal_wizard.cli.{name}" for name in ("main", "arguments", "open", command or "open")}
    used = {f"modal_wizard.{name}" for name in ("cli", "errors", "process")}
    assert own <= commands | used | {"modal_wizard"} | {name for name in own if "modal_wizard.process." in name}
    assert f"modal_wizard.cli.{command or 'open'}" in own


def test_a_file_of_modal_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "common.py").write_text("import modal\n\napp = modal.App()\n")
    (tmp_path / "one.py").write_text("import modal\nfrom common import app\n\n\n@app.cls()\nclass A: ...\n")
    (tmp_path / "two.py").write_text("import modal\nfrom one import A\n\nA.run.remote()\nmodal.Cls.lookup('a', 'A')\n")
    reads: Counter[str] = Counter()
    read = Reader.read

    def counted(self: Reader, path: str) -> bytes | None:
        reads[path] += 1
        return read(self, path)

    monkeypatch.setattr(Reader, "read", counted)
    assert scan_all(scope_of(tmp_path)).files == 3
    assert reads == {"common.py": 1, "one.py": 1, "two.py": 1}


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The files that were parsed."""
    found = set[str]()
    asked = Project.parsed

    def noted(self: Project, path: str, source: SourceFile | None = None) -> Module | None:
        found.add(path)
        return asked(self, path, source)

    monkeypatch.setattr(Project, "parsed", noted)
    return found


def test_only_what_may_give_a_name_is_parsed_for_import_star(tmp_path: Path, parsed: set[str]) -> None:
    """A package of hundreds of models is not parsed because a file takes one class from it by ``import *``."""
    listed, kinds = "__all__ = ['Listed']\nfrom deep import GPU\nclass Listed: ...\n", ("gpus", "listed", "unread")
    files = {
        "app.py": "from models import *\nimport modal\napp = modal.App()\n@app.function(gpu=GPU)\ndef f(): ...\n",
        "models/__init__.py": "".join(f"from .{kind}{n} import *\n" for kind in kinds for n in range(20)),
        **{f"models/gpus{n}/__init__.py": "from .one import *\n" for n in range(20)},
        **{f"models/gpus{n}/one.py": f"class Model{n}: ...  # café\n" for n in range(20)},
        **{f"models/listed{n}.py": listed for n in range(20)},
        **{f"models/unread{n}.py": "import sys\n" for n in range(20)},
        "models/gpus0/one.py": "import modal\nＧＰＵ = modal.gpu.T4()\n",
    }
    write(tmp_path, files)
    project = Project(sorted(files), lambda path: (tmp_path / path).read_bytes())
    module = project.module("app.py")
    assert module is not None
    value = module.resolve(next(node for node in module.index.names if node.id == "GPU"))
    assert value is not None
    assert (value.symbol, value.sure) == ("modal.gpu.T4()", True)
    assert parsed == {"app.py", "models/__init__.py", "models/gpus0/__init__.py", "models/gpus0/one.py"}


def test_only_what_may_set_an_attribute_is_parsed_for_one_that_is_set_by_hand(parsed: set[str]) -> None:
    ways = ("modal.extra = 1", "modal . \\\n extra = 1", "(modal.  # café\n extra) = 1", "setattr(modal, 'extra', 1)")
    for way in ways:
        files = {"app.py": "modal.extra", "named.py": "extra = modal.extras, modal_extra", "sets.py": way}
        texts = {path: f"import modal\n{text}\n".encode() for path, text in files.items()}
        project = Project(texts, texts.get)
        module = project.module("app.py")
        assert module is not None
        assert guards.adds_itself(module, "extra", anywhere=True), way
        assert not guards.adds_itself(module, "extra", anywhere=False)
    assert parsed == {"app.py", "sets.py"}


def test_a_scan_that_only_lists_holds_the_trees_of_files_that_others_ask_for(tmp_path: Path) -> None:
    for name in ("alone", "common"):
        (tmp_path / f"{name}.py").write_text(OLD)
    (tmp_path / "user.py").write_text(f"from common import f as work\n{OLD}\n\nwork.remote()\n")
    with gc_paused():
        found = scan_all(scope_of(tmp_path), looking=Analysis(scope_of(tmp_path), is_lean=True))
        held = {source.path for source in found.sources.values() if (source.path, source.program, ()) in index._known}
    assert found.sources.keys() - held == {"alone.py"}


def test_the_collector_works_again_after_a_scan(tmp_path: Path) -> None:
    assert gc.isenabled()
    scan_all(scope_of(tmp_path))
    assert gc.isenabled()
    with gc_paused():
        assert not gc.isenabled()
    assert gc.isenabled()


# --- which files import which ----------------------------------------------------------------------------------------

SOURCES = sorted(
    path for package in (modal_transforms, modal_wizard) for path in Path(str(package.__file__)).parent.rglob("*.py")
)
ODD = [
    b"from a import (\n    b,  # import c\n    d,\n)\nimport e",
    b"from a \\\n  import b, \\\n  c\nx = 1",
    b"import a; import b\nfrom . \\\n\\\nimport c",
    b"x = '(import a' # import (\nimport b\n",
    b"import (a\nfrom b import c\n)\n",
    b"\xef\xbb\xbfimport a\r\nfrom b import (c,\r\n d)\r\n",
    b"import a\\",
    b"\\\nimport a\n\\\n\nimport b",
    b"from a import(b)\rimport c\r",
    b"important = import_module('a')\nfrom.b import c",
]


@pytest.mark.parametrize("data", ODD)
def test_the_lines_that_are_kept_of_a_file_say_all_that_it_imports(data: bytes) -> None:
    assert list(statements(import_lines(data))) == list(statements(data))


def test_the_lines_that_are_kept_of_our_own_files_say_all_that_they_import() -> None:
    for path in SOURCES:
        data = path.read_bytes()
        assert list(statements(import_lines(data))) == list(statements(data)), path
        assert len(import_lines(data)) < len(data)


def test_the_lines_that_are_kept_of_mutilated_files_say_all_that_they_import() -> None:
    chance = random.Random(7)
    pieces = [b"import", b"from", b" ", b"a", b"b.c", b"(", b")", b",", b"\\", b"\n", b"\r\n", b"#", b";", b"modal"]
    for _ in range(3000):
        data = b"".join(chance.choices(pieces, k=chance.randint(1, 25)))
        assert list(statements(import_lines(data))) == list(statements(data)), data


FOLDERS = ["", "a", "a/b", "src", "src/a", "src/c", "d", "d/e/f"]
NAMES = ["__init__.py", "app.py", "run.py", "main.py", "mod.py"]


def repository(chance: random.Random) -> dict[str, bytes]:
    """Return some files that import each other in all the ways there are."""
    every = ["/".join(filter(None, pair)) for pair in itertools.product(FOLDERS, NAMES)]
    paths = chance.sample(every, 14)
    named = [path for path in paths if path != "__init__.py"]
    dotted = [path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in named]
    words = [name for each in dotted for name in (each, each.rpartition(".")[2], each.removeprefix("src."))]
    said = []
    for _ in paths:
        home, word = chance.choice(words), chance.choice(words).rpartition(".")[2]
        dots = "." * chance.randint(1, 4)
        forms = [
            f"import {home}",
            f"from {home} import {word}",
            f"from {dots} import {word}",
            f"from {dots}{home} import x",
        ]
        said.append("\n".join(chance.sample([*forms, "import modal", "x = 1"], 3)))
    return {path: text.encode() for path, text in zip(paths, said, strict=True)}


@pytest.mark.parametrize("seed", range(60))
def test_files_that_are_passed_over_import_nothing_of_what_is_asked_for(seed: int) -> None:
    files = repository(random.Random(seed))
    locator = ModuleFinder(frozenset(files))
    imports, every = ImportGraph(locator), ImportGraph(locator)
    for path, data in files.items():
        imports.add(path, data)
        every.add(path, data)
    said = {path: every.imported(path) for path in files}
    for path in random.Random(seed).sample(sorted(files), len(files)):
        assert imports.importers(path) == sorted(other for other in files if path in said[other])
    reaching = {path for path in files if b"import modal" in files[path]}
    while new := {path for path in files if path not in reaching and said[path] & reaching}:
        reaching |= new
    assert imports.reaching_modal() == reaching
    serving = {path for path in files if b"import modal" in files[path]}
    while new := {each for path in serving for each in said[path]} - serving:
        serving |= new
    assert all(map(imports.may_serve_modal, serving))


def test_options_are_not_looked_for_where_modal_leads_to_nothing() -> None:
    files = {
        "jobs/main.py": b"import modal\nimport shared.options",
        "shared/options.py": b"",
        "other/a.py": b"import b",
    }
    graph = ImportGraph(ModuleFinder(frozenset(files)))
    for path, data in files.items():
        graph.add(path, data)
    assert [path for path in files if graph.may_serve_modal(path)] == ["jobs/main.py", "shared/options.py"]


# --- which imports run as a file is loaded ----------------------------------------------------------------------------

HEADERS = ["def f():", "async def g(\n    a,\n):", "class A:", "if TYPE_CHECKING:", "if x:", "for x in y:", "with x:"]
BODIES = [
    *("import a", "from .b import c", "x = (\n1,\n)", "# def x():", "s = 'a'", "@d", "else_ = 1  # '''"),
    '"""\ndef x():\n    import d\n"""',
    "'''if TYPE_CHECKING:\n  import e'''; import f",
    's = """\n  def y():\n    """; import g',
    "try:\n    import h\nexcept ImportError:\n    import i",
    "if TYPE_CHECKING:\n    import j\nelse:\n    import k",
    "t = '\\\ndef z():\\\n    import l'",
]


def program(chance: random.Random, depth: int = 0) -> str:
    """Return a program of nested blocks, with imports, and with texts that look like either."""
    lines: list[str] = []
    for _ in range(chance.randint(1, 4)):
        body = chance.choice(BODIES)
        if depth < 4 and chance.random() < 0.6:
            within = program(chance, depth + 1)
            body = f"{chance.choice(HEADERS)}\n" + textwrap.indent(within, chance.choice(["  ", "    ", "\t"]))
        lines.append(body)
    return "\n".join([*lines, "pass"])


def loaded(tree: ast.Module) -> set[int]:
    """Return the lines of the imports that may run as a file is loaded."""
    found: set[int] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found.add(node.lineno)
        is_later = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        is_checked = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        waiting += [] if is_later else node.orelse if is_checked else ast.iter_child_nodes(node)  # type: ignore[attr-defined]
    return found


def test_imports_that_are_said_to_run_later_do() -> None:
    chance, sure = random.Random(11), 0
    ours = [path.read_text(encoding="utf-8") for path in SOURCES]
    made = (program(chance) for _ in range(500))
    for text in [*ours, *made]:
        try:
            tree = ast.parse(text)
        except SyntaxError:
            continue
        data = text.encode()
        lines = {data.count(b"\n", 0, at) + 1: at for at, _, _ in placed_statements(data)}
        assert loaded(tree) <= lines.keys(), text
        later = {line for line, at in lines.items() if all_run_later(data, [at])}
        assert later.isdisjoint(loaded(tree)), text
        sure += len(later)
    assert sure > 1000


def test_what_is_passed_over_takes_nothing_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "app.py": "import modal\nfrom pkg import VALUE, a, b, c\n",
        "pkg/__init__.py": "from .a import x\nfrom .b import y\nfrom .d import z\n",
        "pkg/a.py": "from .b import y\n\ndef f():\n    from .late import w\n",
        "pkg/b.py": "'''Words.\n\n>>> from other import x\n'''\nfrom . import a\n",
        "pkg/c.py": "if x:\n    from .late import w\nimport other\n",
        "pkg/d.py": "import sys\nsys.path.append('lib')\nimport deep\nfrom .a import x\n",
        "pkg/late.py": "import os\n",
        "other.py": "import json\n",
        "lib/deep.py": "",
    }

    def needed() -> tuple[object, set[str]]:
        project = Project(sorted(files), lambda path: files[path].encode())
        module = project.module("app.py")
        assert module is not None
        return [(need.name, sorted(need.files), need.via) for need in needs(module)], project.asked_for

    found, parsed = needed()
    monkeypatch.setattr("modal_transforms.sections.local_source.needs.brings_nothing_new", lambda *_: False)
    every, _ = needed()
    assert found == every
    assert parsed == {"app.py", "pkg/__init__.py", "pkg/c.py", "pkg/d.py"}


def test_a_section_costs_git_six_questions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    demo = write_demo(tmp_path / "demo")
    asked: list[str] = []
    run = runner._run

    def counted(command: GitCommand, arguments: Sequence[str], **named: Any) -> Completed:
        asked.append(" ".join(arguments))
        return run(command, arguments, **named)

    monkeypatch.setattr(runner, "_run", counted)
    main(["apply", "--all", "--commit", str(demo)])
    commits = capsys.readouterr().out.count(", commit ")
    assert commits > 5
    assert len(asked) <= 6 * commits + 22, asked
