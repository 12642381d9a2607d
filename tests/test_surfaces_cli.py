"""What the command line of modal 1.6.4 says to the commands as they were, and as they are made."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from support.sdk import NEW, SdkMissing, sdk_python
from test_surfaces_commands import SURE, split

from modal_transforms.formats import open_source
from modal_transforms.formats.shell import commands
from modal_transforms.modal_api.cli import judge

pytestmark = pytest.mark.xdist_group("sdk")

CHILD = Path(__file__).parent / "sdk" / "references.py"


def lines() -> list[tuple[str, str]]:
    """Return Modal's commands of all the rewritten texts, each before and after."""
    found: dict[tuple[str, str], None] = {}
    for path, marked in SURE:
        before, after = split(marked)
        found |= dict.fromkeys(zip(_read(path, before), _read(path, after), strict=True))
    return list(found)


def _read(path: str, data: bytes) -> list[str]:
    """Return the commands of a file from ``modal`` on up to what they refer to."""
    read = []
    for line in open_source(path, data).command_lines():
        reference = judge(line.words).reference
        if reference is not None:
            texts = [word.text for word in line.words[: line.words.index(reference) + 1]]
            start = next(n for n, text in enumerate(texts) if re.fullmatch(r"(?i)(?:\$\W*)?modal\W*", text))
            read.append(shlex.join(["modal", *texts[start + 1 :]]))
    return read


def test_the_commands_are_really_there() -> None:
    assert len(lines()) >= 12
    assert all(judge(next(commands(before))).module == "pkg.mod" for before, _ in lines())


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the SDK says to each command: nothing when it accepts, else its error."""
    folder = tmp_path_factory.mktemp("references")
    (folder / "pkg").mkdir()
    (folder / "pkg" / "__init__.py").write_text("")
    code = "import modal\napp = modal.App('a')\n@app.function(serialized=True)\ndef f(): ...\ntrain = f\n"
    (folder / "pkg" / "mod.py").write_text(code)
    wanted = [shlex.split(command)[1:] for pair in lines() for command in pair]
    try:
        python = sdk_python(NEW)
    except SdkMissing as missing:
        pytest.fail(str(missing), pytrace=False)
    done = subprocess.run(
        [str(python), str(CHILD)], input=json.dumps(wanted), cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    return dict(zip((shlex.join(words) for words in wanted), said, strict=True))


@pytest.mark.parametrize(("before", "after"), lines(), ids=[before for before, _ in lines()])
def test_the_sdk_refuses_the_old_command_and_accepts_the_new_one(
    answers: dict[str, str], before: str, after: str
) -> None:
    old, new = (answers[shlex.join(shlex.split(command)[1:])] for command in (before, after))
    assert "must be specified with the -m flag" in old
    assert new == ""
