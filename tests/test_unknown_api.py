"""What the backstop says, counts and leaves to the sections; what it finds is in ``cases/unknown_api.py``."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest
from support.cases import Case, clean, report, sources

from modal_transforms.core.model import ApiUses, Applicability, FileReport
from modal_transforms.engine import look_at, open_module
from modal_transforms.formats import open_source
from modal_transforms.look_alikes import left_alone
from modal_transforms.sections import BACKSTOP, GUIDE
from modal_wizard.cli.main import main
from modal_wizard.migration.migration import Migration
from modal_wizard.reports.account import account
from modal_wizard.reports.api_uses import brief, sentence
from modal_wizard.reports.markdown import as_markdown
from modal_wizard.scan.discover import scope_of

STUB = """
    import modal

    modal.S3Mount("a")
    app = modal.App("a")

    @app.function(secret_name="s", keep_warm=1)
    def f(): ...

    @app.local_entrypoint()
    def main():
        f.resubmit()
"""


def look(code: str, files: dict[str, str] | None = None) -> FileReport:
    found = report(sources("main.py", code, files or {}), "main.py")
    assert not found.problems
    return found


def said(code: str) -> list[tuple[str, str]]:
    return [(each.message, each.advice) for each in look(code).findings if each.section == BACKSTOP.slug]


@pytest.mark.parametrize(
    ("code", "message", "advice"),
    [
        (
            "import modal\nmodal.S3Mount('v')",
            "modal.S3Mount exists until 0.61.18, not in 1.6.4",
            "Write modal.CloudBucketMount(",
        ),
        (
            "import modal\nmodal.Image.from_ecr('i')",
            "no version of the SDK has modal.Image.from_ecr",
            "Near to it: modal.Image.from_aws_ecr",
        ),
        (
            "import modal\nmodal.App('a', imagee=1)",
            "no version of the SDK has imagee= of modal.App",
            "Near to it: image=.",
        ),
        ("import modal\nmodal.App('a').servers", "modal.App.servers is not in 1.6.4", "Near to it: modal.App.server"),
        (
            "import modal\nmodal.Volume.from_name('v').batch_download()",
            "no version of the SDK has modal.Volume.batch_download",
            "Near to it: modal.Volume.batch_upload",
        ),
        (
            "import modal\nmodal.Volume.from_name('v').pull()",
            "no version of the SDK has modal.Volume.pull",
            "Nothing there is called like it",
        ),
        ("import modal\nmodal.xyzzy", "no version of the SDK has modal.xyzzy", "Nothing there is called like it"),
    ],
)
def test_it_says_until_when_and_what_instead(code: str, message: str, advice: str) -> None:
    found = [each for each in said(code) if each[0] == message]
    assert found, said(code)
    assert found[0][1].startswith(advice)


def test_the_evidence_says_why_it_is_modals() -> None:
    call = next(each for each in look(STUB).findings if "resubmit" in each.message)
    assert "`f` is" in call.evidence[0]


def test_what_hangs_on_what_is_gone_is_one_finding() -> None:
    many = "".join(f"\n    files.read({n})" for n in range(30))
    found = look('\n    import modal\n\n    files = modal.S3Mount("a")\n' + many).findings
    assert [(each.rule, len(each.sites)) for each in found] == [("unknown-api", 1)]


def test_uses_are_counted_with_those_that_sections_explain() -> None:
    assert look(STUB).api == ApiUses(uses=7, missing=4, unknown=3)


def test_what_nothing_can_tell_is_counted_and_listed_and_no_finding() -> None:
    code = """
        import modal
        from modal._utils import x

        modal.App("a")._local
        getattr(modal, input())
        getattr(modal, "App")
        modal.Image.shrink = print
    """
    module = open_module(sources("main.py", code, {})["main.py"])
    found = look_at(module)
    assert found.findings == ()
    assert found.api.untold == 4
    listed = [(each.site.text, each.reason) for each in left_alone(module, found) if each.section == BACKSTOP.slug]
    assert [text for text, _ in listed] == ["x", "_local", "getattr(modal, input())", "modal.Image.shrink"]
    assert all("removed" not in why for _, why in listed)


@pytest.mark.parametrize("rule", GUIDE, ids=lambda rule: rule.slug)
def test_no_place_of_a_section_is_reported_twice(rule: object) -> None:
    slug = str(getattr(rule, "slug", ""))
    for case in importlib.import_module(f"cases.{slug.replace('-', '_')}").CASES:
        assert isinstance(case, Case)
        found = report(sources(case.path, case.before, case.files), case.path).findings
        spans = [site.span for each in found if each.section == slug for site in each.sites if site.path == case.path]
        for each in (each for each in found if each.section == BACKSTOP.slug):
            assert each.applicability is Applicability.MANUAL
            for site in each.sites:
                words = [
                    word.lstrip(b".").decode() for one in GUIDE if one.slug == slug for word in (*one.words, *one.hints)
                ]
                inside = any(span.start < site.span.end and site.span.start < span.end for span in spans)
                assert not (inside and any(word in each.message for word in words)), (case.id, each.message)


APP = "import modal\n\napp = modal.App('a')\n"


@pytest.mark.parametrize(
    ("path", "files", "message"),
    [
        ("jobs/modal.py", {}, "a file called modal.py that imports modal gets itself"),
        ("app.py", {"modal/__init__.py": "x = 1\n"}, "modal/__init__.py is taken for modal"),
        ("app.py", {"modal.py": "App = print\n"}, ""),
        ("app.py", {"modal/jobs.py": "x = 1\n"}, ""),
        ("jobs/modal.py", {"jobs/__init__.py": ""}, ""),
    ],
    ids=["itself", "beside", "their own is meant", "after the SDK", "in a package"],
)
def test_what_is_called_modal_itself_is_told(path: str, files: dict[str, str], message: str) -> None:
    found = report(sources(path, APP, files), path).findings
    assert [each.message for each in found] == ([message] if message else [])


def test_documents_and_notebooks_are_looked_at() -> None:
    shown = "# Title\n\n```python\nimport modal\nmodal.S3Mount('w')\nmodal.S3Mount('v')\n```\n"
    found = look_at(open_module(open_source("README.md", shown.encode()))).findings
    assert [(each.rule, len(each.sites)) for each in found] == [("unknown-api-text", 2)]


def test_names_that_a_document_does_not_introduce_are_not_guessed() -> None:
    shown = "# Title\n\nRun it on modal.\n\n```python\n@app.get('/')\ndef f(): ...\n\nimage.show()\nmodal.App\n```\n"
    assert look_at(open_module(open_source("README.md", shown.encode()))).findings == ()


# in words and as data


@pytest.mark.parametrize(
    ("uses", "words"),
    [
        (ApiUses(), ""),
        (ApiUses(1), "1 use of Modal's API; it is in 1.6.4."),
        (ApiUses(1204), "1,204 uses of Modal's API; all are in 1.6.4."),
        (ApiUses(1204, 3, 3), "1,204 uses of Modal's API; 3 are not in 1.6.4."),
        (ApiUses(9, 1, 1), "9 uses of Modal's API; 1 is not in 1.6.4."),
        (ApiUses(9, 2, 0), "9 uses of Modal's API; 2 are not in 1.6.4."),
        (ApiUses(9, 4, 1), "9 uses of Modal's API; 4 are not in 1.6.4, 1 of them explained by no section."),
        (
            ApiUses(9, 0, 0, 2),
            "9 uses of Modal's API; all are in 1.6.4; of 2 nothing can be told (private or made-up names).",
        ),
    ],
)
def test_the_sentence(uses: ApiUses, words: str) -> None:
    assert sentence(uses, "1.6.4") == words


def test_the_brief_one() -> None:
    assert brief(ApiUses(), "1.6.4") == ""
    assert brief(ApiUses(1204), "1.6.4") == " · 1,204 uses of the API, all in 1.6.4"
    assert brief(ApiUses(1204, 3), "1.6.4") == " · 1,204 uses of the API, 3 not in 1.6.4"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "main.py").write_text(clean(STUB), encoding="utf-8")
    return tmp_path


def test_a_scan_says_it(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", str(repository)]) == 1
    out = capsys.readouterr().out
    assert "7 uses of Modal's API; 4 are not in 1.6.4, 3 of them explained by no section." in out
    assert "unknown-api. What the target SDK does not have  (each finding says since when)" in out


def test_the_report_says_it(repository: Path) -> None:
    migration = Migration(scope_of(repository))
    for _ in migration.scan():
        pass
    text = as_markdown(account(migration))
    assert "\n7 uses of Modal's API; 4 are not in 1.6.4, 3 of them explained by no section.\n" in text


def test_the_json_has_it(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", "--format", "json", str(repository)]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["target"] == "1.6.4"
    assert found["api"] == {"uses": 7, "missing": 4, "unknown": 3, "untold": 0}
    assert {each["section"]: each["group"] for each in found["findings"]} == {
        "autoscaler": "guide",
        "unknown-api": "after",
    }


@pytest.mark.parametrize("section", ["unknown-api", "autoscaler"])
def test_it_can_be_asked_for_alone(repository: Path, section: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", "--format", "json", "--section", section, str(repository)]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert {each["section"] for each in found} == {section}
    assert len(found) == (3 if section == "unknown-api" else 1)


def test_apply_leaves_it_and_says_that_it_is_left(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["apply", "--all", "--allow-no-vcs", str(repository)]) == 1
    text = (repository / "main.py").read_text(encoding="utf-8")
    assert "modal.S3Mount(" in text
    assert "min_containers=1" in text
    assert "3 findings left (3 manual)" in capsys.readouterr().out


def test_what_a_call_of_many_lines_refuses_is_told_where_the_sdk_says_that_it_fails() -> None:
    volumes = 'volumes={\n    "data": modal.Volume.from_name("v"),\n}'
    code = f"import modal\napp = modal.App()\n@app.function(\n  {volumes})\ndef f(): ..."
    (found,) = look(code).findings
    assert (found.rule, [site.line for site in found.sites]) == ("volume-path-by-hand", [5, 3])


def test_what_a_partial_will_call_takes_its_keywords() -> None:
    head = 'import functools\nimport modal\n\napp = modal.App("a")\n'
    missing = said(f"{head}quick = functools.partial(app.function, keep_warm=1, timeout=2)\n")
    assert len(missing) == 1
    assert "keep_warm= of modal.App.function" in missing[0][0]
    assert said(f"{head}quick = functools.partial(print, app.function, keep_warm=1)\n") == []
