"""Mounts beyond single files and single choices: what is offered, what is shared, and input that is odd."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from support.cases import clean, sources

from modal_transforms.analysis.project import Project
from modal_transforms.core.model import Applicability, Change, Finding, fill
from modal_transforms.core.source import SourceFile
from modal_transforms.engine import look_at
from modal_transforms.rewrite.rewrite import rewrite_all

START = "import modal\napp = modal.App()\n"


def _found(texts: Mapping[str, str], path: str = "main.py") -> tuple[dict[str, SourceFile], list[Finding]]:
    files = sources(path, texts[path], {name: text for name, text in texts.items() if name != path})
    project = Project(files, lambda name: files[name].data)
    module = project.module(path)
    assert module is not None
    report = look_at(module)
    assert not report.problems
    return files, [finding for finding in report.findings if finding.section == "mount"]


def _after(files: Mapping[str, SourceFile], *findings: Finding, choice: str | None = None) -> dict[str, str]:
    changes: list[Change] = []
    for finding in findings:
        changes += fill(finding.choice(choice) if choice else finding.choices[0], {})
    rewritten = rewrite_all(files, changes)
    return {path: rewritten[path].after.text if path in rewritten else file.text for path, file in files.items()}


def test_a_shared_mount_and_its_import_go_with_the_last_function_that_has_it() -> None:
    text = clean("""
        from modal import App, Image, Mount
        app = App()
        image = Image.debian_slim()
        data = Mount.from_local_dir("data")
        @app.function(image=image, mounts=[data])
        def f(): ...
        @app.function(image=Image.micromamba(), mounts=[data])
        def g(): ...
    """)
    files, (first, second) = _found({"main.py": text})
    one = _after(files, first)["main.py"]
    assert 'data = Mount.from_local_dir("data")' in one
    assert "from modal import App, Image, Mount" in one
    both = _after(files, first, second)["main.py"]
    assert "Mount" not in both
    assert both == _after(files, second, first)["main.py"]


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ('mounts=[modal.Mount.from_local_dir("a")]', ["add"]),
        ('image=image, mounts=[modal.Mount.from_local_dir("a")]', ["add", "decorator"]),
        ('mounts=[modal.Mount.from_local_file("a", "b/")]', ["add", "inside"]),
        ('mounts=[modal.Mount.from_local_python_packages("nope")]', ["add", "only-python"]),
    ],
    ids=["one-place", "two-places", "trailing-slash", "packages"],
)
def test_choices_are_those_that_differ(body: str, keys: list[str]) -> None:
    text = f"{START}image = modal.Image.debian_slim()\n@app.function({body})\ndef f(): ...\n"
    _, (finding,) = _found({"main.py": text})
    assert [choice.key for choice in finding.choices] == keys


@pytest.mark.parametrize("newline", ["\r\n", "\n"], ids=["crlf", "lf"])
def test_line_ends_are_those_of_the_file(newline: str) -> None:
    text = f"""{START}image = (
    modal.Image.debian_slim()
    .pip_install("numpy")
)
@app.function(
\timage=image,
\tmounts=[
\t\t# both
\t\tmodal.Mount.from_local_dir("a"),
\t\tmodal.Mount.from_local_file("{"b" * 80}"),
\t],
)
def f(): ...
"""
    source = SourceFile("main.py", text.replace("\n", newline).encode())
    project = Project(["main.py"], lambda path: source.data)
    module = project.module("main.py")
    assert module is not None
    (finding,) = (found for found in look_at(module).findings if found.section == "mount")
    for choice in finding.choices:
        after = rewrite_all({"main.py": source}, choice.changes)["main.py"].after
        assert after.data.count(b"\n") == after.data.count(newline.encode())
        assert "# both" in after.text


def test_a_mount_of_another_file_is_one_decision_in_both() -> None:
    common = f'{START}data = modal.Mount.from_local_dir("data")\nimage = modal.Image.debian_slim()\n'
    main = "from common import app, data, image\n@app.function(image=image, mounts=[data])\ndef f(): ...\n"
    files, (finding,) = _found({"main.py": main, "common.py": common})
    assert {site.path for site in finding.sites} == {"main.py", "common.py"}
    after = _after(files, finding)
    assert "data" not in after["main.py"].splitlines()[0]
    assert "Mount" not in after["common.py"]
    _, there = _found({"main.py": main, "common.py": common}, "common.py")
    assert there == []


def test_a_mount_that_two_files_import_stays_where_it_is() -> None:
    common = f'{START}data = modal.Mount.from_local_dir("data")\n'
    main = "from common import app, data\n@app.function(mounts=[data])\ndef f(): ...\n"
    files, (finding,) = _found({"main.py": main, "other.py": main, "common.py": common})
    assert _after(files, finding)["common.py"] == common


def test_mounts_of_an_app_reach_functions_that_get_an_image_of_their_own() -> None:
    """A function with mounts of its own had those of the app too."""
    text = """
        import modal
        app = modal.App(mounts=[modal.Mount.from_local_dir("a")])
        @app.function(mounts=[modal.Mount.from_local_dir("b")])
        def f(): ...
        @app.function()
        def g(): ...
    """
    files, findings = _found({"main.py": text})
    after = _after(files, *findings)["main.py"]
    both = 'modal.Image.debian_slim().add_local_dir("a", "/a").add_local_dir("b", "/b")'
    assert f"@app.function(\n    image={both}\n)" in after
    assert 'modal.App(image=modal.Image.debian_slim().add_local_dir("a", "/a"))' in after


def test_an_image_that_another_file_extends_is_left_as_it_is() -> None:
    """A build step after files that are not copied fails when the image is built."""
    common = f"{START}image = modal.Image.debian_slim()\n@app.function(image=image, mounts=[m])\ndef f(): ...\n"
    common = common.replace("[m]", '[modal.Mount.from_local_dir("a")]')
    extending = "import pkg.common\nimage = pkg.common.image.pip_install('numpy')\n"
    files, (finding,) = _found({"pkg/common.py": common, "main.py": extending}, "pkg/common.py")
    after = _after(files, finding)["pkg/common.py"]
    assert "image = modal.Image.debian_slim()\n" in after
    assert 'image=image.add_local_dir("a", "/a")' in after


@pytest.mark.parametrize(
    "text",
    [
        "@app.function(mounts=[*modal.Mount])\ndef f(): ...",
        "@app.function(mounts=mounts)\ndef f(): ...",
        "mounts = mounts\n@app.function(mounts=mounts)\ndef f(): ...",
        "a = b\nb = a\n@app.function(mounts=[a])\ndef f(): ...",
        "a = [*a]\n@app.function(mounts=a)\ndef f(): ...",
        "@app.function(mounts=[modal.Mount.from_local_dir()])\ndef f(): ...",
        "@app.function(mounts=[modal.Mount.from_local_dir(*p)])\ndef f(): ...",
        "@app.function(mounts=[modal.Mount.from_local_file('a', **o)])\ndef f(): ...",
        "@app.function(mounts=[modal.Mount])\ndef f(): ...",
        "@app.function(mounts=1)\ndef f(): ...",
        "@app.function(mounts=(m := [modal.Mount.from_local_dir('a')]))\ndef f(): ...",
        "x = modal.Image.debian_slim().copy_mount()",
        "x = modal.Image.from_dockerfile('D', context_mount=modal.Mount.from_name('x'))",
        "class C:\n    m = modal.Mount.from_local_dir('a')\n    class C:\n        m = None",
        "def f():\n    global m\n    m = modal.Mount.from_local_dir('a')",
        "modal.Sandbox.create(**o, mounts=[modal.Mount.from_local_dir('a')])",
        "@app.function(**o, **{'mounts': [modal.Mount.from_local_dir('a')]})\ndef f(): ...",
    ],
)
def test_odd_input_is_left_to_a_person(text: str) -> None:
    _, findings = _found({"main.py": f"{START}{text}\n"})
    assert findings
    assert {finding.applicability for finding in findings} == {Applicability.MANUAL}


def test_files_that_import_each_other_are_no_trouble() -> None:
    main = f"{START}from other import data\nmore = [data]\n@app.function(mounts=more)\ndef f(): ...\n"
    _, (finding,) = _found({"main.py": main, "other.py": "from main import more as data\n"})
    assert finding.applicability is Applicability.MANUAL


def test_the_import_that_fails_first_is_told_with_the_first_mount_that_a_person_sees_to() -> None:
    text = "from modal import App, Mount\napp = App()\n@app.function(mounts=made())\ndef f(): ...\nx = [Mount]\n"
    _, (first, second) = _found({"main.py": text})
    assert [site.line for site in first.sites] == [3, 1]
    assert [site.line for site in second.sites] == [5]
