"""Requirements of modal: where they are, what they allow, and what raising them writes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from modal_transforms.core.patches import apply
from modal_transforms.requirements import bounds, may_pin, pins_of, raised
from modal_transforms.sections import section
from modal_wizard.cli.main import main

# path, file before, file after raising
RAISED = [
    ("requirements.txt", "a==1\nmodal==0.73.5  # pinned\nb\n", "a==1\nmodal==1.6.4  # pinned\nb\n"),
    ("requirements-dev.txt", "modal==0.73.*\r\n", "modal==1.6.*\r\n"),
    ("dev-requirements.txt", "modal[x]>=0.63,<1.0 ; python_version>'3'\n", "modal[x]>=1.6,<2 ; python_version>'3'\n"),
    ("requirements.txt", "modal-client~=0.50\n", "modal~=1.6\n"),
    ("pyproject.toml", 'dependencies = [\n  "modal>=0.73.51", # é\n]\n', 'dependencies = [\n  "modal>=1.6", # é\n]\n'),
    ("pyproject.toml", '[tool.poetry]\nmodal = "^0.73.1"\n', '[tool.poetry]\nmodal = "^1.6.4"\n'),
    ("pyproject.toml", 'modal = { version = "~0.73", extras = [] }\n', 'modal = { version = "~1.6", extras = [] }\n'),
    ("Pipfile", '[packages]\nmodal = "==0.62.99"\n', '[packages]\nmodal = "==1.6.4"\n'),
    ("setup.cfg", "install_requires =\n    modal~=0.66.2\n", "install_requires =\n    modal~=1.6.4\n"),
    ("setup.py", "setup(install_requires=['modal<1'])\n", "setup(install_requires=['modal>=1.6,<2'])\n"),
    (
        "environment.yml",
        "dependencies:\n  - pip:\n    - modal==0.70.1\n",
        "dependencies:\n  - pip:\n    - modal==1.6.4\n",
    ),
    ("environment.yml", "dependencies:\n  - modal=0.70\n", "dependencies:\n  - modal=1.6\n"),
    ("Dockerfile", "RUN pip install -q modal==0.66.0 x\n", "RUN pip install -q modal==1.6.4 x\n"),
    ("app.py", "i = base.pip_install('modal==0.6', 'x')\n", "i = base.pip_install('modal==1.6.4', 'x')\n"),
    (".github/workflows/a.yml", "- run: uv pip install 'modal~=0.73'\n", "- run: uv pip install 'modal~=1.6'\n"),
]
LEFT = [
    ("requirements.txt", "modal\n"),
    ("requirements.txt", "modal>=1.0\nmodal==1.6.4\nmodal_extras==0.1\nmy-modal==0.2\n"),
    ("requirements.txt", "modal==0.73.5 \\\n    --hash=sha256:aa\n"),
    ("uv.lock", '[[package]]\nname = "modal"\nversion = "0.73.5"\n'),
    ("Pipfile.lock", '{"default": {"modal": {"hashes": [], "version": "==0.73.5"}}}'),
    ("app.py", "x = 'modal'\nname = 'modal-app==0.1'\n"),
    ("pyproject.toml", '[project]\nname = "modal"\nversion = "0.1"\n'),
]


@pytest.mark.parametrize(("path", "before", "after"), RAISED, ids=[f"{p[0]}-{n}" for n, p in enumerate(RAISED)])
def test_a_pin_is_found_and_raised_in_its_own_manner(path: str, before: str, after: str) -> None:
    (pin,) = pins_of(path, before.encode())
    assert pin.is_old
    assert pin.line == before[: before.index("modal")].count("\n") + 1 or path == "pyproject.toml"
    patch = raised(pin)
    assert patch is not None
    assert apply(before.encode(), [patch]).decode() == after
    (again,) = pins_of(path, after.encode())
    assert not again.is_old
    assert raised(again) is None


@pytest.mark.parametrize(("path", "text"), LEFT, ids=[f"{p[0]}-{n}" for n, p in enumerate(LEFT)])
def test_what_asks_for_no_old_version_or_is_made_by_a_tool_is_left(path: str, text: str) -> None:
    assert [raised(pin) for pin in pins_of(path, text.encode()) if raised(pin)] == []


def test_a_lock_file_is_reported() -> None:
    (pin,) = pins_of("poetry.lock", b'[[package]]\nname = "modal"\nversion = "0.73.5"\n')
    assert (pin.text, pin.editable, pin.is_old) == ("modal==0.73.5", False, True)


@pytest.mark.parametrize(
    ("spec", "low", "below"),
    [
        ("==0.73.5", (0, 73, 5), (0, 73, 5, 1)),
        ("==0.73.*", (0, 73), (0, 74)),
        ("~=0.73", (0, 73), (1,)),
        ("~=0.73.5", (0, 73, 5), (0, 74)),
        (">=0.63,<1.0", (0, 63), (1, 0)),
        ("^0.73.1", (0, 73, 1), (0, 74)),
        ("^1.2", (1, 2), (2,)),
        (">=0.73", (0, 73), None),
        ("*", None, None),
        ("", None, None),
    ],
)
def test_what_a_specifier_allows(spec: str, low: tuple[int, ...] | None, below: tuple[int, ...] | None) -> None:
    assert bounds(spec) == (low, below)


def test_which_sections_break_is_told_from_the_versions() -> None:
    (old,) = pins_of("requirements.txt", b"modal==0.73.5\n")
    (middle,) = pins_of("requirements.txt", b"modal>=1.1,<1.3\n")
    assert [old.may_break(section(slug)) for slug in ("mount", "gpu")] == [False, False]
    assert [middle.breaks(section(slug)) for slug in ("mount", "gpu")] == [True, False]
    assert [middle.may_break(section(slug)) for slug in ("lookup", "gpu")] == [True, False]


def test_names_of_files_that_list_requirements() -> None:
    assert all(
        map(may_pin, ["requirements.txt", "a/requirements-gpu.txt", "uv.lock", "pyproject.toml", "environment.yml"])
    )
    assert not any(map(may_pin, ["app.py", "notes.txt", "README.md"]))


def repository(folder: Path) -> Path:
    """Return a repository with an old pin, a lock file and code that was written for it."""
    (folder / "requirements.txt").write_text("modal==0.73.5\nnumpy\n")
    (folder / "uv.lock").write_text('[[package]]\nname = "modal"\nversion = "0.73.5"\n')
    (folder / "app.py").write_text(
        "import modal\n\napp = modal.App()\n\n\n@app.function(gpu=modal.gpu.T4())\ndef f(): ...\n"
    )
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=b", "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    subprocess.run(["git", "config", "user.name", "a"], cwd=folder, check=True)
    subprocess.run(["git", "config", "user.email", "a@b"], cwd=folder, check=True)
    return folder


def test_scan_says_what_breaks_with_the_version_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = repository(tmp_path)
    assert main(["scan", str(root)]) == 1
    said = capsys.readouterr().out
    assert "requirements.txt:1: modal==0.73.5: nothing that was found surely breaks there" in said
    assert "surely breaks there; 1.6.4 breaks section 11\n" in said
    assert "uv.lock:3: modal==0.73.5" in said
    assert "lock file: update it with its tool" in said
    main(["scan", str(root), "--format", "json"])
    pins = json.loads(capsys.readouterr().out)["pins"]
    assert [(pin["path"], pin["editable"], pin["old"]) for pin in pins] == [
        ("requirements.txt", True, True),
        ("uv.lock", False, True),
    ]


def test_the_pin_is_raised_by_the_last_commit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = repository(tmp_path)
    assert main(["apply", str(root), "--all", "--commit", "--raise-pin"]) == 0
    log = subprocess.run(["git", "log", "--format=%s"], cwd=root, capture_output=True, text=True, check=True).stdout
    assert log.splitlines()[0] == "Modal 1.0: require modal 1.6"
    assert len(log.splitlines()) == 3
    assert (root / "requirements.txt").read_text() == "modal==1.6.4\nnumpy\n"
    assert "0.73.5" in (root / "uv.lock").read_text()
    assert main(["apply", str(root), "--all", "--commit", "--raise-pin"]) == 0
    assert "No requirement of modal is to be raised." in capsys.readouterr().out


def test_the_pin_is_shown_in_the_diff_and_left_unless_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = repository(tmp_path)
    main(["apply", str(root), "--diff", "--raise-pin"])
    assert "+modal==1.6.4" in capsys.readouterr().out
    assert main(["apply", str(root), "--all"]) == 0
    assert (root / "requirements.txt").read_text() == "modal==0.73.5\nnumpy\n"


IN_CODE = """\
import modal

image = modal.Image.debian_slim().pip_install("modal==0.73.5")
app = modal.App(image=image)


@app.function(gpu=modal.gpu.T4())
def f(): ...
"""


def test_a_pin_in_a_file_that_the_run_has_just_edited_is_raised_without_a_commit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = repository(tmp_path)
    (root / "app.py").write_text(IN_CODE)
    subprocess.run(["git", "commit", "-qam", "pin in code"], cwd=root, check=True)
    assert main(["apply", str(root), "--section", "gpu", "--raise-pin"]) == 0, capsys.readouterr().err
    assert "modal is required at 1.6.4 in 2 files" in capsys.readouterr().out
    text = (root / "app.py").read_text()
    assert 'gpu="T4"' in text
    assert 'pip_install("modal==1.6.4")' in text


@pytest.mark.parametrize("in_git", [True, False], ids=["repository", "folder"])
def test_a_pin_that_is_raised_without_a_commit_can_be_brought_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], in_git: bool
) -> None:
    if in_git:
        repository(tmp_path)
    else:
        (tmp_path / "requirements.txt").write_text("modal==0.73.5\nnumpy\n")
    assert main(["apply", str(tmp_path), "--raise-pin", "--allow-no-vcs"]) == 0
    assert (tmp_path / "requirements.txt").read_text() == "modal==1.6.4\nnumpy\n"
    capsys.readouterr()
    assert main(["restore", str(tmp_path / "requirements.txt")]) == 0
    assert "requirements.txt: brought back" in capsys.readouterr().out
    assert (tmp_path / "requirements.txt").read_text() == "modal==0.73.5\nnumpy\n"


def test_work_of_the_person_in_a_file_with_a_pin_is_still_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = repository(tmp_path)
    (root / "requirements.txt").write_text("modal==0.73.5\nnumpy\nscipy\n")
    assert main(["apply", str(root), "--raise-pin"]) == 2
    assert "requirements.txt: it is modified (--allow-dirty lifts that)" in capsys.readouterr().err
    assert (root / "requirements.txt").read_text() == "modal==0.73.5\nnumpy\nscipy\n"
