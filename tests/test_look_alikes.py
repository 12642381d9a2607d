"""What reads like old code and is left alone: listed with a reason built from the file, and never a finding."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.cases import Case, NearMiss, clean, sources
from test_sections import CASES, NEAR_MISSES

from modal_transforms.analysis.project import Project
from modal_transforms.core.model import LookAlike, Site
from modal_transforms.core.source import SourceFile
from modal_transforms.engine import look_at, open_module
from modal_transforms.look_alikes import left_alone
from modal_wizard.cli.main import main
from modal_wizard.demo import write_demo

USES = {
    "image-copy": r"copy_local_\w+",
    "mount": r"\b(?:context_)?mounts?=|[\"']mounts[\"']|\bMount\b|copy_mount\(|mounts=\(",
    "build": r"@(?:\w+\.)*build\b|import build\b",
    "autoscaler": r"keep_warm|concurrency_limit|container_idle_timeout",
    "fastapi-endpoint": r"\bweb_endpoint\b|wait_for_response",
    "concurrent": r"allow_concurrent_inputs",
    "lookup": r"\.lookup\b|def lookup|(?<!get_)web_url",
    "cls-parameters": r"def __init__\(",
    "cls-lookup": r"\b[A-Z]\w*\.\w+\.(?:remote|spawn)\(|Function\.from_name\(\"app\", \"Model\.run\"",
    "gpu": r"gpu\.(?:A100|H100|T4|L4)|from modal import gpu",
    "module-mode": r"[\"']?modal[\"']?,? +[\"']?(?:run|deploy|shell)\b",
}
"""How the old uses of a section look in a file, to anybody."""
MODAL = re.compile(r"^\s*(?:import modal|from \.?modal\b|from \w+ import modal)|keep_warm|subprocess", re.MULTILINE)
"""The near-misses in which a look-alike is looked for; in other files only rare words are."""
OTHERS = {
    "method-by-its-dotted-name-is-another-section",
    "mount-is-another-section",
    "import-under-another-name-that-is-read",
}
"""Near-misses of one section that are findings of another."""


def seen(case: Case | NearMiss, text: str) -> list[tuple[LookAlike, list[Site]]]:
    """Return the look-alikes of all files of a case, each with the places of findings in its file."""
    files = sources(case.path, text, case.files)
    project = Project(files, lambda name: files[name].data)
    modules = [module for path in files if (module := project.module(path)) is not None]
    reports = [look_at(module) for module in modules]
    findings = [finding for report in reports for finding in report.findings]
    return [
        (each, [site for finding in findings for site in finding.sites if site.path == report.path])
        for module, report in zip(modules, reports, strict=True)
        for each in left_alone(module, report, findings)
    ]


WITH_USES = [
    pytest.param(slug, case, id=f"{slug}-{case.id}")
    for slug, case in NEAR_MISSES
    if isinstance(case, NearMiss) and case.id not in OTHERS
    if slug in USES and re.search(USES[slug], case.code) and MODAL.search(clean(case.code))
]


def test_most_near_misses_read_like_an_old_use() -> None:
    assert len(WITH_USES) >= 74


@pytest.mark.parametrize(("slug", "case"), WITH_USES)
def test_a_near_miss_that_reads_like_an_old_use_is_listed_with_a_reason(slug: str, case: NearMiss) -> None:
    found = [each for each, _ in seen(case, case.code) if each.section == slug]
    assert found
    for each in found:
        assert re.fullmatch(r"\S.*\S", each.reason)
        assert not each.reason.endswith(".")
        assert each.site.text


@pytest.mark.parametrize(("slug", "case"), CASES, ids=[f"{slug}-{case.id}" for slug, case in CASES])
def test_what_is_a_finding_is_never_listed(slug: str, case: Case) -> None:
    for each, sites in seen(case, case.before):
        own = each.site.span
        assert not [site for site in sites if own.start < site.span.end and site.span.start < own.end], each
        assert each.reason != ""


def test_nearly_nothing_of_the_cases_is_listed() -> None:
    listed = [each for _, case in CASES if isinstance(case, Case) for each, _ in seen(case, case.before)]
    assert {each.reason for each in listed} <= {
        "App.lookup is not deprecated",
        "the class `Model` is not under @app.cls, so its constructor stays",
        "the class `Named` is not under @app.cls, so its constructor stays",
        "`elsewhere::f` is a single word, and nothing here runs it",
        "a key of the dict `other` of line 9, which reaches no call of Modal's as far as can be seen",
        "a parameter of `warm`, defined on line 6",
        "a string: text here, not a call",
        "it is given to other.function(…): `other` is a parameter of `register` on line 4, and nothing says that it is "
        "Modal's",
    }


REASONS = {
    "a dict": ('import modal\nstore = {}\nstore.lookup("a")\n', "`store` is a dict made on line 2"),
    "a literal": ("import modal\n{}.lookup(1)\n", "it is asked of a dict"),
    "a parameter of a function": (
        "import modal\ndef run_job(keep_warm): ...\nrun_job(keep_warm=1)\n",
        "`keep_warm` is a parameter of `run_job`, defined on line 2",
    ),
    "another library": (
        "import modal\nfrom celery import Celery\napp = Celery()\n@app.function(keep_warm=1)\ndef f(): ...\n",
        "it is given to app.function(…): `app` is made by Celery(…) on line 3; `Celery` is imported from celery on "
        "line 2",
    ),
    "another module": (
        "import modal\nimport ray.data as rd\nrd.lookup()\n",
        "`rd` is the module ray.data, imported on line 2",
    ),
    "what stays": ('import modal\nmodal.App.lookup("a")\n', "App.lookup is not deprecated"),
    "what stays, by a variable": (
        'import modal\nkind = modal.App\nkind.lookup("a")\n',
        "App.lookup is not deprecated",
    ),
    "nobody knows": (
        "import modal\ndef f(image): return image.copy_local_dir('a', 'b')\n",
        "`image` is a parameter of `f` on line 2, and nothing says that it is Modal's",
    ),
    "says another type": (
        "import modal\ndef f(image: 'Picture'): return image.copy_local_dir('a', 'b')\n",
        "`image` is a parameter of `f` on line 2, annotated as 'Picture'",
    ),
    "nothing binds it": ("import modal\nthing.lookup('a')\n", "nothing in this file says what `thing` is"),
    "a name that goes in a circle": (
        "import modal\na = b\nb = a\na.lookup()\n",
        "`a` is b on line 2; `b` is a on line 3",
    ),
    "a file that is open": (
        "import modal\n\nwith open('x') as file:\n    file.lookup()\n",
        "`file` is made by open(…) on line 3; `open` is Python's own",
    ),
    "the name of a loop in brackets": (
        "import modal\n\n[each.lookup() for each in []]\n",
        "`each` is bound on line 3 to something that is not seen to be Modal's",
    ),
    "an own decorator": (
        "import modal\ndef web_endpoint(f): return f\n@web_endpoint\ndef g(): ...\n",
        "`web_endpoint` is a function defined on line 2",
    ),
    "itself": (
        "import modal\nclass Store:\n    def f(self): self.lookup(1)\n",
        "`self` is an instance of `Store`, defined on line 2",
    ),
    "a comment": ("import modal\n# keep_warm=1 was here\n", "a comment: nothing runs it"),
    "a docstring": ('"""Set keep_warm."""\nimport modal\n', "a docstring: nothing runs it"),
    "a string": ("import modal\nTEXT = 'keep_warm=1'\n", "a string: text here, not a call"),
    "the new name under the old one": (
        "from modal import fastapi_endpoint as web_endpoint\n@web_endpoint()\ndef f(): ...\n",
        "`web_endpoint` is modal.fastapi_endpoint here: `web_endpoint` is imported from modal at line 1",
    ),
    "silenced": (
        "import modal\napp = modal.App()\n@app.function(keep_warm=1)  # modal-wizard: ignore\ndef f(): ...\n",
        "silenced by the comment modal-wizard: ignore on its line",
    ),
    "a command": ("X = 'modal run app.py'\n", "`app.py` is a file, which needs no -m"),
}


@pytest.mark.parametrize(("code", "reason"), REASONS.values(), ids=REASONS)
def test_the_reason_names_what_the_file_shows(code: str, reason: str) -> None:
    source = SourceFile("main.py", code.encode())
    module = open_module(source, Project(["main.py"], lambda _: code.encode()))
    assert reason in {each.reason for each in left_alone(module, look_at(module))}


def test_scanning_looks_for_no_look_alikes(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import modal\nstore = {}\nstore.lookup(1)\n")
    script = (
        "import sys\nfrom modal_wizard.cli.main import main\n"
        f"main(['scan', {str(tmp_path)!r}])\n"
        "sys.exit(any(name.startswith('modal_transforms.look_alikes') for name in sys.modules))\n"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text(
        'import modal\nstore = {}\nstore.lookup("a")\nf = modal.Function.lookup("a", "b")\n'
    )
    return tmp_path


def test_scan_lists_them_after_the_findings_when_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", "--left-alone"]) == 1
    out = capsys.readouterr().out
    assert "app.py:4:20: safe: Function.lookup" in out
    assert out.endswith(
        "Left alone, as it only reads like old code: 1 place.\n"
        "  app.py:3:1: lookup: store.lookup — `store` is a dict made on line 2\n"
    )
    assert main(["scan"]) == 1
    assert "Left alone" not in capsys.readouterr().out


def test_json_carries_them_only_when_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["scan", "--format", "json", "--left-alone"])
    report = json.loads(capsys.readouterr().out)
    assert report["left_alone"] == [
        {
            "path": "app.py",
            "line": 3,
            "column": 1,
            "text": "store.lookup",
            "section": "lookup",
            "reason": "`store` is a dict made on line 2",
        }
    ]
    main(["scan", "--format", "json"])
    assert "left_alone" not in json.loads(capsys.readouterr().out)


def test_only_those_of_the_asked_sections_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", "--left-alone", "--section", "gpu"]) == 0
    assert "Left alone, as it only reads like old code: 0 places." in capsys.readouterr().out


@pytest.mark.parametrize("form", ["sarif", "github"])
def test_other_formats_do_not_take_them(folder: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    with pytest.raises(SystemExit) as left:
        main(["scan", "--left-alone", "--format", form])
    assert left.value.code == 2
    assert "--left-alone goes with --format text or json" in capsys.readouterr().err


def test_files_that_do_not_use_modal_are_asked_only_for_rare_words(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "app.py").unlink()
    (folder / "orm.py").write_text("class Field: ...\nField.lookup('x')\nField.build()\n# modal.Function.lookup\n")
    (folder / "cache.py").write_text("def cache(keep_warm=3): ...\n")
    (folder / "words.txt").write_text("keep_warm=1\n")
    (folder / "deploy.yaml").write_text("service:\n  keep_warm: 2\n  # concurrency_limit: 3\n  not_keep_warm: 1\n")
    assert main(["scan", "--left-alone"]) == 0
    said = [line.strip() for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert said == [
        "cache.py:1:11: autoscaler: keep_warm — a parameter of `cache`, defined on line 1",
        "deploy.yaml:2:3: autoscaler: keep_warm — a key in a settings file: which program reads it cannot be told "
        "from here",
    ]


PAGE = """
// modal run src.main starts it; modal.lookup("a") is a dialog
import { modal } from "./dialog"
const code = `
import modal
@app.function(keep_warm=1)
def f(): ...
`
const help = "modal deploy src.main", other = 'modal deploy -m src.main', file = 'modal serve app.py'
export const Page = () => <p>don't run modal.open({keep_warm: 1}) <code>modal serve src.web</code></p>
const key = "keep_warm"
"""


def test_old_code_in_the_texts_of_another_language_is_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "page.tsx").write_text(PAGE)
    (folder / "dialog.js").write_text('modal.open("keep_warm")\nconst keep_warm = `modal`\n')
    main(["scan", "--left-alone", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["left_alone"]
    listed = [each for each in found if each["path"] != "app.py"]
    assert [(each["path"], each["line"], each["section"], each["text"]) for each in listed] == [
        ("page.tsx", 2, "module-mode", "modal run src.main"),
        ("page.tsx", 6, "autoscaler", "keep_warm"),
        ("page.tsx", 9, "module-mode", "modal deploy src.main"),
        ("page.tsx", 10, "module-mode", "modal serve src.web"),
    ]
    assert {each["reason"] for each in listed} == {
        "Python in a text of TypeScript, which is not rewritten: change it there",
        "a command in TypeScript, which is not rewritten: it needs -m before the module",
    }


def test_a_file_that_gets_modal_through_another_is_looked_through(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "common.py").write_text("import modal\napp = modal.App('a')\n")
    (folder / "jobs.py").write_text("from common import app\nstore = []\nstore.lookup(1)\n")
    main(["scan", "--left-alone"])
    assert "jobs.py:3:1: lookup: store.lookup — `store` is a list made on line 2" in capsys.readouterr().out


def test_a_place_in_a_notebook_is_named_by_its_cell(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
        for source in (["import modal\n", "store = {}"], ["store.lookup(1)"])
    ]
    (folder / "n.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    main(["scan", "--left-alone", "n.ipynb"])
    assert "n.ipynb:cell 2:1:1: lookup: store.lookup" in capsys.readouterr().out


def test_nothing_of_the_repository_is_obeyed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "app.py").write_text("import modal\nstore = {}\nstore['\x1b[31m'].lookup(1)\n")
    main(["scan", "--left-alone"])
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "␛[31m" in out


def test_the_look_alikes_of_the_demo_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    demo = write_demo(tmp_path / "demo")
    main(["scan", "--left-alone", "--format", "json", str(demo)])
    found = {(each["path"], each["text"]): each["reason"] for each in json.loads(capsys.readouterr().out)["left_alone"]}
    assert {path for path, _ in found} >= {
        "docsearch/cache.py",
        "config/search.json",
        "docsearch/api.py",
        "scripts/nightly.py",
    }
    assert found["docsearch/api.py", "cache.lookup"].endswith("`AnswerCache` is imported from .cache on line 5")
    assert found["scripts/nightly.py", "modal.App.lookup"] == "App.lookup is not deprecated"
    assert found["scripts/nightly.py", "lookup"].startswith("silenced by the comment")
    assert found["docsearch/cache.py", "keep_warm"] == "a parameter of `AnswerCache.__init__`, defined on line 8"
