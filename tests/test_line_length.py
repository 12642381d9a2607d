"""What a rewrite adds keeps to the line length of the file, and is laid out as a formatter would."""

from __future__ import annotations

import pytest
from support.cases import clean

from modal_transforms.analysis.project import Project
from modal_transforms.core.source import SourceFile
from modal_transforms.engine import look_at, open_module
from modal_transforms.modal_api.deployments import deployed
from modal_transforms.modal_api.images import extend_image
from modal_transforms.rewrite.line_length import line_length
from modal_transforms.rewrite.rewrite import rewrite_all

START = "import modal\napp = modal.App()\n"
WIDE = f"# {'wide' * 25}\n"


@pytest.mark.parametrize(
    ("files", "columns"),
    [
        ({}, 88),
        ({"pyproject.toml": "[tool.ruff]\nline-length = 120\n"}, 120),
        ({"pyproject.toml": "[tool.black]\nline-length = 79\n"}, 79),
        ({"pyproject.toml": "[tool.black]\nline-length = 79\n", "pkg/ruff.toml": "line-length = 110\n"}, 110),
        ({"setup.cfg": "[flake8]\nmax-line-length = 95\n"}, 95),
        ({"tox.ini": "[pycodestyle]\nmax_line_length = 96\n"}, 96),
        ({"other/pyproject.toml": "[tool.ruff]\nline-length = 120\n"}, 88),
        ({"pyproject.toml": "[tool.ruff]\nline-length = 'long'\n"}, 88),
        ({"pyproject.toml": "[tool.ruff\n", "setup.cfg": "max-line-length = 95\n"}, 88),
        ({"pyproject.toml": "tool = 3\n"}, 88),
    ],
    ids="none ruff black nearest flake8 pycodestyle of-another-folder no-number broken no-table".split(),
)
def test_a_line_is_as_long_as_the_nearest_formatter_is_told(files: dict[str, str], columns: int) -> None:
    assert line_length(_module(START, files)) == columns


@pytest.mark.parametrize(("longest", "columns"), [(20, 88), (94, 94), (140, 100)])
def test_without_a_setting_the_file_itself_tells(longest: int, columns: int) -> None:
    assert line_length(_module(f"{START}#{'x' * (longest - 1)}\n", {})) == columns


def _module(text: str, files: dict[str, str]):  # type: ignore[no-untyped-def]
    data = {name: body.encode() for name, body in {"pkg/main.py": text, **files}.items()}
    return open_module(SourceFile("pkg/main.py", data["pkg/main.py"]), Project(data, data.get))


def _extended(text: str, *links: str, length: int = 88) -> str:
    module = _module(START + clean(text), {"pyproject.toml": f"[tool.ruff]\nline-length = {length}\n"})
    extension = extend_image(deployed(module)[0], *links)
    assert extension is not None
    after = rewrite_all({"pkg/main.py": module.source}, extension.changes)["pkg/main.py"].after.text
    return after.removeprefix(START)


LINK = '.add_local_dir("some/folder/of/data", "/some/folder/of/data")'

OTHER = '.add_local_file("some/file/of/data", "/some/file/of/data")'


def test_a_chain_that_is_too_long_gets_brackets_and_a_line_for_each_link() -> None:
    after = _extended("@app.function(timeout=60)\ndef f(): ...\n", LINK, OTHER, length=70)
    assert after == clean(
        f"""
        @app.function(
            timeout=60,
            image=(
                modal.Image.debian_slim()
                {LINK}
                {OTHER}
            ),
        )
        def f(): ...
        """
    )


def test_a_single_call_that_is_too_long_is_opened() -> None:
    after = _extended("@app.function(\n    image=image,\n)\ndef f(): ...\n", LINK, length=60)
    assert after == clean(
        """
        @app.function(
            image=image.add_local_dir(
                "some/folder/of/data", "/some/folder/of/data"
            ),
        )
        def f(): ...
        """
    )


def test_arguments_that_do_not_fit_on_one_line_get_one_each() -> None:
    after = _extended("@app.function(\n    image=image,\n)\ndef f(): ...\n", LINK, length=40)
    assert after == clean(
        """
        @app.function(
            image=image.add_local_dir(
                "some/folder/of/data",
                "/some/folder/of/data",
            ),
        )
        def f(): ...
        """
    )


def test_arguments_that_share_a_line_below_get_one_each_before_the_chain_is_bracketed() -> None:
    after = _extended('@app.function(\n    image=image, gpu="T4", timeout=600\n)\ndef f(): ...\n', LINK)
    assert after == clean(
        f"""
        @app.function(
            image=image{LINK},
            gpu="T4",
            timeout=600,
        )
        def f(): ...
        """
    )


def test_what_fits_is_not_touched() -> None:
    after = _extended("@app.function(image=image, timeout=1)\ndef f(): ...\n", LINK, length=120)
    assert after == f"@app.function(image=image{LINK}, timeout=1)\ndef f(): ...\n"


def test_brackets_that_are_there_are_used() -> None:
    after = _extended("@app.function(\n    image=(modal.Image.debian_slim()),\n)\ndef f(): ...\n", LINK, length=78)
    assert after == clean(
        """
        @app.function(
            image=(
                modal.Image.debian_slim()
                .add_local_dir("some/folder/of/data", "/some/folder/of/data")
            ),
        )
        def f(): ...
        """
    )


def test_brackets_over_several_lines_are_used() -> None:
    chain = 'modal.Image.debian_slim().apt_install("wget", "curl").pip_install("requests")'
    after = _extended(f"@app.function(\n    image=(\n        {chain}\n    ),\n)\ndef f(): ...\n", LINK)
    assert after == clean(
        """
        @app.function(
            image=(
                modal.Image.debian_slim()
                .apt_install("wget", "curl")
                .pip_install("requests")
                .add_local_dir("some/folder/of/data", "/some/folder/of/data")
            ),
        )
        def f(): ...
        """
    )


def test_calls_that_fit_beside_their_brackets_are_joined_with_the_chain_that_is_laid_out() -> None:
    before = """
        @app.function(
            image=modal.Image.debian_slim(
                python_version="3.12"
            ).pip_install(
                "one", "two"
            ).apt_install(
                "three",
            ).run_commands(
                "four"  # five
            ).pip_install(
                "six_six_six_six_six_six_six_six", "seven_seven_seven_seven_seven_seven"
            ),
        )
        def f(): ...
    """
    after = """
        @app.function(
            image=(
                modal.Image.debian_slim(python_version="3.12")
                .pip_install("one", "two")
                .apt_install(
                    "three",
                )
                .run_commands(
                    "four"  # five
                )
                .pip_install(
                    "six_six_six_six_six_six_six_six", "seven_seven_seven_seven_seven_seven"
                )
                LINK
            ),
        )
        def f(): ...
    """
    assert _extended(before, LINK) == clean(after).replace("LINK", LINK)


def test_an_argument_that_does_not_fit_beside_others_below_gets_a_line_as_they_do() -> None:
    text = START + clean(
        """
        image = (
            modal.Image.debian_slim()
            .copy_local_file(
                "some/folder/of/workflows/workflow.json", "/root/workflows/workflow.json"
            )
            .copy_local_file("some/folder/of/workflows/workflow.json", "/root/workflows/workflow_.json")
            .run_commands("a")
        )
        """
    )
    module = _module(text, {"pyproject.toml": "[tool.ruff]\nline-length = 88\n"})
    changes = [change for each in look_at(module).findings for change in each.choices[0].changes]
    assert rewrite_all({"pkg/main.py": module.source}, changes)["pkg/main.py"].after.text == START + clean(
        """
        image = (
            modal.Image.debian_slim()
            .add_local_file(
                "some/folder/of/workflows/workflow.json",
                "/root/workflows/workflow.json",
                copy=True,
            )
            .add_local_file("some/folder/of/workflows/workflow.json", "/root/workflows/workflow_.json", copy=True)
            .run_commands("a")
        )
        """
    )


def test_a_chain_that_ends_in_an_open_call_keeps_its_strings_over_several_lines() -> None:
    text = '@app.function(image=modal.Image.debian_slim().run_commands("""\nls\n""",\n))\ndef f(): ...\n'
    after = _extended(text, LINK)
    assert after == text.replace(",\n)", f",\n){LINK}", 1)
