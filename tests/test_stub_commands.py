"""What the command line of modal 1.6.4 finds in a file whose app is called ``stub``, and in one where it is ``app``."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from support.sdk import NEW, SdkMissing, sdk_python
from traps.seen import look

pytestmark = pytest.mark.xdist_group("sdk")

CHILD = Path(__file__).parent / "sdk" / "references.py"
STUB = "import modal\n\nstub = modal.Stub('a')\n\n@stub.function(serialized=True)\ndef f(): ...\n"
WEB = f"{STUB}\napp = object()\n"
FILES = {
    "stub_named.py": STUB.replace("Stub", "App"),
    "renamed.py": look("stub-app", STUB).text(),
    "with_app.py": look("stub-app", WEB).text(),
}
FOUND = {
    "deploy stub_named.py": False,
    "serve stub_named.py": False,
    "deploy stub_named.py::stub": True,
    "run stub_named.py": True,
    "run stub_named.py::f": True,
    "run stub_named.py::stub.f": True,
    "deploy renamed.py": True,
    "serve renamed.py": True,
    "run renamed.py::app.f": True,
    "deploy with_app.py": False,
    "deploy with_app.py::stub": True,
    "deploy -m with_app::stub": True,
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the SDK says to each command: nothing when it finds an app, else its error."""
    folder = tmp_path_factory.mktemp("stubs")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    try:
        python = sdk_python(NEW)
    except SdkMissing as missing:
        pytest.fail(str(missing), pytrace=False)
    asked = json.dumps([command.split() for command in FOUND])
    done = subprocess.run(
        [str(python), str(CHILD)], input=asked, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(FOUND, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("command", FOUND)
def test_the_sdk_finds_the_app_where_it_should(answers: dict[str, str], command: str) -> None:
    assert (answers[command] == "") is FOUND[command], answers[command]
