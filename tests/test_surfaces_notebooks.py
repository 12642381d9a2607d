"""Notebooks: cells are one program, edits go into the JSON, and every other byte stays as it was."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from support.cases import look as look_at_source
from support.surfaces import look, migrated, taken

from modal_transforms.core.model import Applicability
from modal_transforms.core.patches import apply
from modal_transforms.core.source import Unreadable
from modal_transforms.formats import open_source
from modal_wizard.scan.discover import scope_of
from modal_wizard.scan.scanner import scan_all

OUTPUT = {"name": "stdout", "output_type": "stream", "text": ["keep_warm=1 modal.gpu.A100() é \\u00e9\n"]}


def cell(text: str, kind: str = "code", whole: bool = False) -> dict[str, Any]:
    """Return a cell as Jupyter writes it: its text in a list of lines, or whole."""
    made: dict[str, Any] = {"cell_type": kind, "metadata": {"tags": ["keep_warm"]}}
    made["source"] = text if whole else text.splitlines(keepends=True)
    return made | ({"outputs": [OUTPUT], "execution_count": None} if kind == "code" else {})


def notebook(*cells: dict[str, Any], **layout: Any) -> bytes:
    """Return a notebook, laid out as Jupyter does unless said otherwise."""
    content = {
        "cells": list(cells),
        "metadata": {"kernelspec": {"name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(content, **({"indent": 1, "ensure_ascii": False} | layout)) + "\n").encode()


def texts(data: bytes) -> list[str]:
    """Return the text of each cell."""
    return ["".join(each["source"]) for each in json.loads(data)["cells"]]


def without_sources(data: bytes) -> Any:
    content = json.loads(data)
    for each in content["cells"]:
        each["source"] = None
    return content


CASE = [
    ("# Deploy\n\nUse `modal deploy pkg.mod`, or modal deploy pkg.mod, with `keep_warm`\n", "markdown"),
    (
        "%load_ext autoreload\n!pip install modal\nimport modal\nfrom modal import gpu\n"
        "stub = modal.App('é \\\\ \"x\"')",
        "code",
    ),
    (
        "%%time\n@stub.function(gpu=gpu.A100(size='80GB'), keep_warm=1)\ndef f():\n    !modal run pkg.mod\n"
        "    return '\\u00e9'\n",
        "code",
    ),
    ("%%bash\ncd x\nmodal deploy pkg.mod\n", "code"),
    ("files = !modal run -q pkg.mod::f\nf?\n%timeit f.remote()\ng = gpu.T4(count=2)", "code"),
    ("%%writefile job.py\nimport modal\nm = modal.Function.lookup('a', 'b')\n", "code"),
    ("%%writefile Makefile\na:\n\t@modal deploy pkg.mod\n", "code"),
    ("this is no python modal.gpu.A100(", "code"),
    ("modal.gpu.A100()", "raw"),
]
AFTER = [
    "# Deploy\n\nUse `modal deploy -m pkg.mod`, or modal deploy pkg.mod, with `min_containers`\n",
    "%load_ext autoreload\n!pip install modal\nimport modal\napp = modal.App('é \\\\ \"x\"')",
    "%%time\n@app.function(gpu='A100-80GB', min_containers=1)\ndef f():\n    !modal run -m pkg.mod\n"
    "    return '\\u00e9'\n",
    "%%bash\ncd x\nmodal deploy -m pkg.mod\n",
    "files = !modal run -q -m pkg.mod::f\nf?\n%timeit f.remote()\ng = 'T4:2'",
    "%%writefile job.py\nimport modal\nm = modal.Function.from_name('a', 'b')\n",
    "%%writefile Makefile\na:\n\t@modal deploy -m pkg.mod\n",
    "this is no python modal.gpu.A100(",
    "modal.gpu.A100()",
]


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize(
    "layout", [{}, {"indent": 4}, {"indent": None, "separators": (",", ":")}, {"ensure_ascii": True}, {"indent": "\t"}]
)
def test_a_notebook_is_one_program(layout: dict[str, Any], whole: bool) -> None:
    data = notebook(*(cell(text, kind, whole) for text, kind in CASE), **layout)
    after = migrated("a.ipynb", data)
    assert [text.replace('"', "'") for text in texts(after)] == [text.replace('"', "'") for text in AFTER]
    assert without_sources(after) == without_sources(data)
    assert after == notebook(*(cell(t, k, whole) for t, (_, k) in zip(texts(after), CASE, strict=True)), **layout)


def test_sites_carry_the_cell_and_the_line_inside_it() -> None:
    data = notebook(cell("# x\n", "markdown"), cell("import modal\n\na = 1\ng = modal.gpu.T4()\n"))
    (finding,) = look("a.ipynb", data).findings
    assert (finding.site.cell, finding.site.line, finding.site.column) == (2, 4, 5)
    assert finding.site.text == "modal.gpu.T4()"
    assert finding.site.label == "cell 2:4"
    program = open_source("a.ipynb", data).text.split("\n")
    assert [program[line - 1] for line in finding.site.text_lines] == ["g = modal.gpu.T4()"]
    assert finding.applicability is Applicability.SAFE


def test_one_edit_a_string_each_valid_text() -> None:
    data = notebook(cell("import modal\na = 'é' + modal.gpu.T4()\nb = modal.gpu.L4()\nmodal.x\n"))
    made = taken(look("a.ipynb", data), "a.ipynb", data)
    assert len(made.edits) == 2
    for edit in made.edits:
        assert data[: edit.start].count(b"\n") == data[: edit.end].count(b"\n")
    assert [edit.text for edit in made.edits] == ['\\"T4\\"', '\\"L4\\"'] or all(edit.text for edit in made.edits)


def test_lines_that_come_and_go_keep_the_list_in_order() -> None:
    before = (
        "import modal\nfrom modal import Image, web_endpoint\napp = modal.App()\n\n@app.function(\n"
        "    allow_concurrent_inputs=5,\n)\n@web_endpoint(\n    method='POST',\n)\ndef f(): ..."
    )
    data = notebook(cell("x = 1"), cell(before), cell("y = 2"))
    after = migrated("a.ipynb", data)
    first, second, third = texts(after)
    assert (first, third) == ("x = 1", "y = 2")
    assert "concurrent(max_inputs=5)" in second
    assert "fastapi_endpoint" in second
    assert after == notebook(cell(first), cell(second), cell(third))


def test_a_file_that_a_cell_writes_is_a_program_of_its_own() -> None:
    written = (
        "%%writefile a.py\nfrom modal import App, asgi_app\napp = App()\n@app.function(allow_concurrent_inputs=5)\n"
    )
    written += "@asgi_app()\ndef f(): ..."
    data = notebook(cell("import modal\nfrom fastapi import App\nx = App()"), cell(written))
    first, second = texts(migrated("a.ipynb", data))
    assert first == "import modal\nfrom fastapi import App\nx = App()"
    assert second == written.replace("asgi_app\n", "asgi_app, concurrent\n", 1).replace(
        "(allow_concurrent_inputs=5)\n", "()\n@concurrent(max_inputs=5)\n"
    )


BAD = {
    "merge markers": b'{\n<<<<<<< HEAD\n "cells": []\n=======\n "cells": [1]\n>>>>>>> x\n}modal.gpu',
    "not JSON": b"import modal\n",
    "cut off": notebook(cell("import modal\nmodal.gpu.T4()\n"))[:-40],
    "not UTF-8": notebook(cell("import modal\n")).replace(b"import modal", b"import modal \xe9"),
    "older format": b'{"worksheets": [{"cells": [{"input": "import modal"}]}], "nbformat": 3}',
    "a list": b'["import modal"]',
    "nested too deeply": b"[" * 100_000 + b'"import modal"' + b"]" * 100_000,
    "half of a surrogate pair": notebook(cell("import modal\n")).replace(b"import modal", b"import modal \\ud83d"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_notebook_is_reported_and_untouched(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_bytes(BAD[name])
    found = scan_all(scope_of(tmp_path))
    assert [problem.path for problem in found.problems] == ["a.ipynb"]
    assert found.findings == []
    assert (tmp_path / "a.ipynb").read_bytes() == BAD[name]


def test_a_huge_notebook_is_reported_when_it_says_modal(tmp_path: Path) -> None:
    big = notebook(cell("import modal\nmodal.gpu.T4()\n"), cell("x = 1\n" * 1_500_000))
    (tmp_path / "a.ipynb").write_bytes(big)
    (tmp_path / "b.ipynb").write_bytes(big.replace(b"modal", b"model"))
    found = scan_all(scope_of(tmp_path))
    assert [problem.path for problem in found.problems] == ["a.ipynb"]
    assert "MB" in found.problems[0].message


def test_cells_without_text_and_other_languages_do_no_harm() -> None:
    empty = {"cell_type": "code", "metadata": {}, "outputs": [], "source": []}
    data = notebook(empty, cell(""), cell("SELECT modal.run FROM x"), cell("import modal\ng = modal.gpu.T4()\n"))
    assert texts(migrated("a.ipynb", data))[-1] == 'g = "T4"\n'


def test_a_change_that_would_break_a_cell_is_refused() -> None:
    source = open_source("a.ipynb", notebook(cell("import modal\nx = 1\n")))
    with pytest.raises(Unreadable, match="cell 1 would not parse"):
        source.changed(source.data.replace(b"x = 1", b"x = ("))


PIECES = [
    "import modal",
    "from modal import App, gpu, Image",
    "app = modal.App('naïve 🚀')",
    "@app.function(gpu=modal.gpu.A100(size='80GB'), keep_warm=2)\ndef f{n}():\n    return 'tab\\there'",
    "@app.cls(\n    gpu=gpu.T4(count=2),  # two\n    container_idle_timeout=60,\n)\nclass M{n}:\n    pass",
    "!modal run pkg.mod::f{n}",
    "%matplotlib inline",
    "x{n} = {{'a': [1, 2], \"b\": '\\u00e9'}}",
    "f = modal.Function.lookup('a', 'f')",
    "",
    '# a comment \\ with "quotes" and / slashes',
    "print('''\n!not a command\n''')",
]


def generated(seed: int) -> bytes:
    """Return a notebook made from a seed: cells, layouts and spellings of JSON vary."""
    chance = random.Random(seed)
    cells = [cell("import modal\nfrom modal import gpu\napp = modal.App()\n", whole=chance.random() < 0.3)]
    for number in range(chance.randrange(1, 7)):
        lines = [
            piece.format(n=number) if "{n}" in piece or "{{" in piece else piece
            for piece in chance.choices(PIECES, k=4)
        ]
        text = "\n".join(lines) + chance.choice(["", "\n", "\n\n"])
        cells.append(cell(text, chance.choice(["code"] * 4 + ["markdown"]), chance.random() < 0.3))
    layout: dict[str, Any] = chance.choice(
        [{}, {"indent": 2}, {"indent": None}, {"ensure_ascii": True}, {"sort_keys": True}]
    )
    data = notebook(*cells, **layout)
    data = data if chance.random() < 0.8 else data.rstrip(b"\n")
    data = data if chance.random() < 0.8 else data.replace(b"\n", b"\r\n")
    return data if chance.random() < 0.8 else data.replace(b"/", b"\\/")


@pytest.mark.parametrize("seed", range(200))
def test_a_generated_notebook_goes_round(seed: int) -> None:
    """Taking everything changes the cells' text as the program's, and not a byte between the edits."""
    data = generated(seed)
    source = open_source("a.ipynb", data)
    assert (source.raw, list(source.lifted([]))) == (data, [])
    report = look_at_source(source)
    assert not report.problems
    made = taken(report, "a.ipynb", data)
    after = apply(data, made.raw_patches)
    assert texts(after) == texts_of(made.after.data)
    assert without_sources(after) == without_sources(data)
    assert open_source("a.ipynb", after).data == made.after.data
    for before_cell, after_cell in zip(json.loads(data)["cells"], json.loads(after)["cells"], strict=True):
        assert type(before_cell["source"]) is type(after_cell["source"])
        if isinstance(after_cell["source"], list):
            assert after_cell["source"] == "".join(after_cell["source"]).splitlines(keepends=True)
    rest = [finding for finding in look("a.ipynb", after).findings if finding.choices]
    assert rest == []


def texts_of(program: bytes) -> list[str]:
    """Return the text of each cell of a notebook's program."""
    parts = program.decode().split("# ─── cell ")[1:]
    return [part.partition(" ───\n")[2].removesuffix("\n") for part in parts]


def test_values_of_python_in_shell_lines_are_seen() -> None:
    """IPython puts them in; a shell cell knows its own variables alone."""
    data = notebook(
        cell('MODULE = "pkg.app"\nFILE = "app.py"\nimport os\nWHAT = os.environ["WHAT"]\n'),
        cell("!modal run {MODULE}::f\n!modal deploy $FILE\n!modal serve {WHAT}\n"),
        cell("%%bash\nMODULE=app.py\nmodal run $MODULE\n"),
    )
    found = {finding.rule: finding for finding in look("a.ipynb", data).findings}
    assert sorted(found) == ["module-mode", "module-mode-unseen"]
    assert found["module-mode"].applicability is Applicability.REVIEW
    assert "pkg.app" in found["module-mode"].evidence[1]
    assert (
        texts(migrated("a.ipynb", data))[1] == "!modal run -m {MODULE}::f\n!modal deploy $FILE\n!modal serve {WHAT}\n"
    )
