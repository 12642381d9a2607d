"""Nesting that no person writes is a result with a reason: it ends neither the process nor the look at other files."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

from support.cases import look

from modal_transforms.core.changes import CannotRewrite
from modal_transforms.core.model import FileReport, fill
from modal_transforms.core.source import SourceFile
from modal_transforms.rewrite.rewrite import rewrite

MODAL = "import modal\napp = modal.App()\n@app.function(keep_warm=1)\ndef f(): ...\n"
KINDS = {
    "brackets": lambda n: "x = " + "(" * n + "1" + ")" * n,
    "brackets beside strings": lambda n: "x = " + '(")" + ' * n + "1" + ")" * n,
    "not": lambda n: "x = " + "not " * n + "y",
    "minus": lambda n: "x = " + "-" * n + "1",
    "attributes": lambda n: "x = y" + ".a" * n,
    "attributes of modal": lambda n: "x = modal" + ".gpu" * n,
    "subscripts": lambda n: "x = y" + "[0]" * n,
    "calls": lambda n: "x = modal.Image.debian_slim()" + ".pip_install('a')" * n,
    "sum": lambda n: "x = 'a'" + " + 'b'" * n,
    "power": lambda n: "x = y" + "**y" * n,
    "comparison": lambda n: "x = y" + "<y" * n,
    "lambda": lambda n: "x = " + "lambda: " * n + "y",
    "conditions": lambda n: "x = " + "y if z else " * n + "y",
    "elif": lambda n: "if x: pass\n" + "elif x: pass\n" * n,
    "blocks": lambda n: "".join(" " * i + "if x:\n" for i in range(n)) + " " * n + "pass",
    "assignments": lambda n: "x = " * n + "y",
    "f-strings": lambda n: "x = " + 'f"{' * n + "1" + '}"' * n,
    "generators": lambda n: "x = (y " + "for y in z " * n + ")",
    "annotation": lambda n: f"def g(x: '{'-' * n}y'): ...",
    "class in class": lambda n: "".join(" " * i + "class C:\n" for i in range(n)) + " " * n + "pass",
}
NEWER = 'type X = int\ny = f"{"a"}"\n'
"""Syntax that Python 3.10 and 3.11 do not know: the file goes to LibCST as a whole."""


def migrated(text: str) -> tuple[FileReport, str]:
    """Return what is found, and the text with everything done that can be done."""
    source = SourceFile("app.py", text.encode())
    report = look(source)
    changes = [change for found in report.findings if found.choices for change in fill(found.choices[0], {})]
    try:
        return report, rewrite(source, changes).after.text
    except CannotRewrite as error:
        return report, str(error)


SCRIPT = """
import sys
sys.path.insert(0, {tests!r})
from test_depth import KINDS, MODAL, NEWER, migrated
for name, make in KINDS.items():
    for n in (150, 90 if " " * 90 in make(95) else 3000):
        deep = make(n) + "\\n"
        for text in (MODAL + deep, MODAL.replace("=1", "=" + deep[4:-1]), MODAL + NEWER + deep):
            print(name, n, flush=True)
            report, after = migrated(text)
            assert report.findings or report.problems
            for problem in report.problems:
                assert "failed here" not in problem.message, problem.message
"""


def test_depth_is_a_result_wherever_it_is() -> None:
    script = textwrap.dedent(SCRIPT).format(tests=str(Path(__file__).parent))
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.returncode, done.stdout[-2000:], done.stderr[-2000:])


def test_what_people_write_is_not_too_deep() -> None:
    text = MODAL + "if x: pass\n" + "elif x: pass\n" * 150 + "y = 'a'" + " + 'b'" * 150 + "\n"
    report, after = migrated(text)
    assert not report.problems
    assert "min_containers=1" in after


def test_depth_is_said() -> None:
    report, _ = migrated(MODAL + "y = 'a'" + " + 'b'" * 500 + "\n")
    assert [problem.message for problem in report.problems] == ["nested more than 200 levels deep"]
