"""What a scan for others is narrowed to: several paths, lines changed since a commit, and a baseline that shrinks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.pilot import DESK, SHOP, git, make_repository, write

from modal_wizard.cli.main import main

OLD_CALL = 'import modal\n\nmodal.Function.lookup("shop", "{}")\n'
NOTEBOOK = {
    "cells": [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
        for source in (["import modal\n", 'modal.Function.lookup("a", "b")'], ['modal.Function.lookup("c", "d")'])
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def scanned(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, list[int]]]:
    """Return the exit code of a scan, and the lines of what it found, by file."""
    code = main(["scan", "--format", "json", *options])
    found: dict[str, list[int]] = {}
    for finding in json.loads(capsys.readouterr().out)["findings"]:
        found.setdefault(finding["sites"][0]["path"], []).append(finding["sites"][0]["line"])
    return code, found


@pytest.fixture
def shop(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository, which is the working directory."""
    monkeypatch.chdir(repository)
    return repository


def test_options_of_a_file_without_modal_are_found_where_one_with_it_takes_them(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = 'COMMON = {"keep_warm": 1}\n'
    write(shop, {"settings.py": settings, "others.py": settings, "through.py": "from settings import COMMON\n"})
    write(
        shop,
        {"uses.py": "import modal\nfrom through import COMMON\n\napp = modal.App()\napp.function(**COMMON)(print)\n"},
    )
    assert "settings.py" in scanned(capsys, "--section", "autoscaler")[1]
    assert "others.py" not in scanned(capsys, "--section", "autoscaler")[1]


# --- several paths ---------------------------------------------------------------------------------------------------


def test_several_paths_are_one_scan_with_the_names_of_the_whole_repository(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(
        shop,
        {
            "pkg/a.py": DESK,
            "pkg/b.py": DESK,
            "common.py": "import modal\n\napp = modal.App()  # modal-wizard: ignore\n",
        },
    )
    write(shop, {"uses.py": "from common import app\n\n\n@app.function(keep_warm=1)\ndef f(): ...\n"})
    assert scanned(capsys, "uses.py", "pkg/a.py", "uses.py") == (1, {"uses.py": [4], "pkg/a.py": [3]})
    assert scanned(capsys, "desk.py", "pkg") == (1, {"desk.py": [3], "pkg/a.py": [3], "pkg/b.py": [3]})
    assert set(scanned(capsys, "desk.py", ".")[1]) == {"desk.py", "pkg/a.py", "pkg/b.py", "shop.py", "uses.py"}
    assert main(["apply", "desk.py", "pkg/b.py", "--allow-dirty"]) == 0
    capsys.readouterr()
    assert set(scanned(capsys, ".")[1]) == {"pkg/a.py", "shop.py", "uses.py"}


def test_paths_of_two_repositories_are_refused(shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = make_repository(tmp_path / "other")
    for command in ("scan", "apply"):
        assert main([command, "desk.py", str(other / "desk.py")]) == 2
        assert "are not in the same repository. Give paths of one repository" in capsys.readouterr().err


def test_lines_of_the_person_are_written_over_where_that_is_allowed_and_never_in_a_commit(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = DESK.replace('"price"', '"stock"')
    write(shop, {"desk.py": ours, "new.py": DESK})
    git(shop, "add", "--all")
    write(shop, {"desk.py": ours + "# more\n"})
    apply = ["apply", "desk.py", "new.py", "--allow-dirty", "--allow-staged"]
    for options in ([], ["--commit"]):
        assert main([*apply, *options]) == 2
        assert "your own uncommitted change and ours meet in line 3" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([*apply, "--allow-overlap", "--commit"])
    assert main([*apply, "--allow-overlap"]) == 0
    assert git(shop, "show", ":desk.py") == ours
    assert "from_name" in (shop / "desk.py").read_text()
    assert git(shop, "status", "--porcelain") == "MM desk.py\nAM new.py\n"


# --- since a commit --------------------------------------------------------------------------------------------------


def test_only_findings_on_changed_lines_are_told(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two_calls = OLD_CALL.format("a") + 'modal.Function.lookup("shop", "b")\n'
    notebook = json.dumps(NOTEBOOK, indent=1)
    write(shop, {"old name\t.py": two_calls, ".gitattributes": "* -diff\n", "nb.ipynb": notebook})
    write(shop, {"bad.py": "import modal\ndef (:\n"})
    git(shop, "add", "--all")
    git(shop, "commit", "-qm", "More")
    git(shop, "switch", "-qc", "feature")
    write(shop, {"shop.py": "# a line above\n" + SHOP.replace("concurrency_limit=5", "concurrency_limit=6")})
    git(shop, "commit", "-qam", "Another limit")
    git(shop, "mv", "old name\t.py", "neuer Näme\t.py")
    write(shop, {"neuer Näme\t.py": two_calls.replace('"b"', '"c"'), "untracked.py": OLD_CALL.format("d")})
    write(shop, {"nb.ipynb": notebook.replace('\\"d\\"', '\\"e\\"')})
    meanwhile = git(shop, "commit-tree", "-p", "main", "-m", "without the desk", git(shop, "mktree").strip()).strip()
    git(shop, "update-ref", "refs/heads/main", meanwhile)
    git(shop, "config", "diff.noprefix", "true")
    git(shop, "config", "diff.interHunkContext", "9")
    ours = {"neuer Näme\t.py": [4], "nb.ipynb": [1], "shop.py": [7, 7], "untracked.py": [3]}
    assert scanned(capsys, "--since", "main") == (1, ours)
    assert scanned(capsys, "--since", "HEAD~1") == (1, ours)
    assert scanned(capsys, "--since", "HEAD", "nb.ipynb", "shop.py") == (1, {"nb.ipynb": [1]})
    assert main(["scan", "--since", "HEAD", "desk.py", "bad.py"]) == 0
    assert capsys.readouterr().out.endswith("2 files looked at: nothing found on lines changed since HEAD.\n")


def test_a_finding_is_told_where_any_of_its_places_changed(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = "import modal\n\napp = modal.App()\n\n\n@app.cls()\nclass Model:\n    def __init__(self, size: int):\n"
    write(shop, {"model.py": model + "        self.size = size\n", "call.py": "from model import Model\n"})
    git(shop, "add", "--all")
    git(shop, "commit", "-qm", "Model")
    assert scanned(capsys, "--since", "HEAD") == (0, {})
    write(shop, {"call.py": "from model import Model\n\nModel(3)\n"})
    assert scanned(capsys, "--since", "HEAD") == (1, {"model.py": [8]})


def test_a_commit_that_is_none_is_refused(shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    orphan = git(shop, "commit-tree", "-m", "alone", "HEAD^{tree}").strip()
    git(tmp_path, "clone", "--quiet", "--depth=1", shop.as_uri(), "shallow")
    git(tmp_path / "shallow", "fetch", "--quiet", "--depth=1", "origin", "HEAD")
    (tmp_path / "no").mkdir()
    cases = {
        ("nosuch",): "There is no commit nosuch here. Give a branch, a tag or a commit.",
        ("--output=x",): "There is no commit --output=x here.",
        ("",): "There is no commit  here.",
        ("main..HEAD",): "There is no commit main..HEAD here.",
        (orphan,): f"HEAD and {orphan} have no commit in common.",
        ("HEAD", str(tmp_path / "no")): "--since needs a git repository, and this is none. Leave it out.",
    }
    for (ref, *paths), message in cases.items():
        assert main(["scan", f"--since={ref}", *paths]) == 2
        assert message in capsys.readouterr().err


def test_a_shallow_clone_says_what_to_fetch(shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(shop, "commit", "-q", "--allow-empty", "-m", "Second")
    git(shop, "branch", "base", "HEAD~1")
    git(tmp_path, "clone", "-q", "--depth=1", shop.as_uri(), "shallow")
    git(tmp_path / "shallow", "fetch", "-q", "--depth=1", "origin", "base")
    assert main(["scan", "--since", "FETCH_HEAD", str(tmp_path / "shallow")]) == 2
    assert "this clone is shallow. Fetch the history first (git fetch --unshallow;" in capsys.readouterr().err


# --- a baseline ------------------------------------------------------------------------------------------------------


def paths_in(file: Path) -> list[str]:
    """Return the files that a baseline names, each as often as it has findings."""
    found = json.loads(file.read_text())["findings"]
    return [entry["path"] for entry in found for _ in range(entry["count"])]


def test_a_baseline_knows_findings_by_their_content_and_only_shrinks(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(shop, {"desk.py": DESK + 'modal.Function.lookup("shop", "price")\n'})
    assert main(["scan", "--write-baseline", "known.json"]) == 0
    said = capsys.readouterr()
    assert said.err.endswith("modal-wizard: known.json: 5 findings written.\n")
    assert said.out.endswith("2 files looked at: nothing found beside those in known.json.\n")
    made = (shop / "known.json").read_bytes()
    assert paths_in(shop / "known.json") == ["desk.py"] * 2 + ["shop.py"] * 3

    (shop / "pkg").mkdir()
    git(shop, "mv", "desk.py", "pkg/desk.py")  # renamed; lines moved, spaced and changed; one gone, two new
    write(shop, {"pkg/desk.py": "\n\n" + DESK.replace("= modal", "=  modal")})
    write(
        shop,
        {
            "shop.py": SHOP.replace("keep_warm=1", "keep_warm=2").replace("def price", "# why\ndef price")
            + "\n\n@app.function(keep_warm=1)\ndef g(): ..."
        },
    )
    write(shop, {"late.py": OLD_CALL.format("stock")})
    code, found = scanned(capsys, "--baseline", "known.json")
    assert (code, found) == (1, {"late.py": [3], "shop.py": [17]})
    assert (shop / "known.json").read_bytes() == made
    assert main(["scan", "--baseline", "known.json"]) == 1
    said = capsys.readouterr()
    assert "known.json: 4 known, 1 gone (--write-baseline known.json takes these out), 2 new." in said.err
    assert "2 findings beside those in known.json in 2 sections" in said.out

    assert scanned(capsys, "--write-baseline", "known.json") == (1, {"late.py": [3], "shop.py": [17]})
    assert paths_in(shop / "known.json") == ["pkg/desk.py"] + ["shop.py"] * 3
    for path in ("late.py", "shop.py"):
        (shop / path).unlink()
    assert main(["scan", "--write-baseline", "known.json"]) == 0
    assert "known.json: 1 kept, 3 gone, 0 new." in capsys.readouterr().err
    assert main(["scan", "--baseline", "known.json", "--since", "HEAD"]) == 0
    assert "nothing found on lines changed since HEAD beside those in known.json" in capsys.readouterr().out


def test_what_was_not_looked_at_stays_in_the_baseline(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", "--write-baseline", "known.json"]) == 0
    whole = (shop / "known.json").read_bytes()
    write(shop, {"desk.py": "import modal\ndef (:\n"})
    narrowed = ["shop.py"], ["desk.py"], ["--section", "gpu"], ["--guide-only"], ["--section", "lookup", "shop.py"]
    for options in narrowed:
        main(["scan", "--write-baseline", "known.json", *options])
        assert (shop / "known.json").read_bytes() == whole, options
    (shop / "desk.py").unlink()  # which may be anywhere under another name
    assert main(["scan", "--write-baseline", "known.json", "shop.py"]) == 0
    assert (shop / "known.json").read_bytes() == whole
    write(shop, {"desk.py": "import modal\n"})
    assert main(["scan", "--write-baseline", "known.json", "desk.py"]) == 0
    assert paths_in(shop / "known.json") == ["shop.py"] * 3


def test_a_baseline_that_does_not_belong_is_refused_and_left(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = make_repository(tmp_path / "other", {"a.py": OLD_CALL.format("a")})
    file, outside = shop / "known.json", tmp_path / "outside.json"
    assert main(["scan", str(other), "--write-baseline", str(outside)]) == 0
    link = shop / "link.json"
    link.symlink_to(outside)
    whole = json.loads(outside.read_text()) | {"repository": []}
    broken = [whole["findings"][0] | {"count": 0}]
    many = json.dumps(whole | {"findings": [whole["findings"][0] | {"count": 10**15}]})
    cases = {
        "": "is no baseline: it is not JSON (Expecting value: line 1 column 1",
        json.dumps(whole)[:-1] + ', "findings": []}': "is no baseline: the key 'findings' is there twice",
        "[" * 100_000: "is no baseline: it is not JSON",
        "\xff": "is no baseline: it is not JSON",
        "<<<<<<< ours\n": "is no baseline: it is not JSON",
        "[1]": "is no baseline: Expected `object`, got `array`",
        '{"version": 2, "new": true}': "is a baseline of version 2, and this reads version 1",
        '{"version": 1, "findings": []}': "is no baseline: Object missing required field `repository`",
        json.dumps(whole | {"extra": 1}): "is no baseline: Object contains unknown field `extra`",
        json.dumps(whole | {"findings": broken}): "is no baseline: a count in it is less than 1",
        outside.read_text(): "belongs to another repository. Give the baseline of this one, or",
    }
    capsys.readouterr()
    for text, message in cases.items():
        file.write_text(text, encoding="latin-1")
        for option in ("--baseline", "--write-baseline"):
            assert main(["scan", option, "known.json"]) == 2
            said = capsys.readouterr()
            assert f"The baseline known.json {message}" in said.err
            assert said.err.endswith("Nothing was written.\n")
            assert said.out == ""
        assert file.read_text(encoding="latin-1") == text
    file.write_text(many)
    assert main(["scan", "--write-baseline", "known.json"]) == 1
    assert f"known.json: 0 kept, {10**15} gone, 4 new" in capsys.readouterr().err
    before = outside.read_bytes()
    (shop / "pkg").mkdir()
    for named, message in {"link.json": "it is a symbolic link", "pkg": "it is a folder"}.items():
        assert main(["scan", "--write-baseline", named]) == 2
        assert f"The baseline {named} cannot be read: {message}" in capsys.readouterr().err
    assert outside.read_bytes() == before
    assert main(["scan", "--baseline", "none.json"]) == 2
    assert "There is no baseline none.json. --write-baseline none.json makes one." in capsys.readouterr().err
    assert main(["scan", "--write-baseline", "no/folder.json"]) == 2
    assert "its folder cannot be reached" in capsys.readouterr().err


def test_a_shallow_clone_takes_the_baseline_of_the_whole_repository(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(shop, "commit", "-q", "--allow-empty", "-m", "Second")
    assert main(["scan", "--write-baseline", "known.json"]) == 0
    git(tmp_path, "clone", "-q", "--depth=1", shop.as_uri(), "shallow")
    assert main(["scan", "--baseline", "known.json", str(tmp_path / "shallow")]) == 0
    linked = tmp_path / "own link.json"  # the person's own, outside of the repository: it stays one
    linked.symlink_to(shop / ".." / "aside.json")
    assert main(["scan", "--write-baseline", str(linked)]) == 0
    assert linked.is_symlink()
    assert (tmp_path / "aside.json").is_file()


def test_options_that_do_not_go_together(shop: Path) -> None:
    for options in (["--since", "HEAD", "--write-baseline", "x"], ["--baseline", "x", "--write-baseline", "x"]):
        with pytest.raises(SystemExit) as left:
            main(["scan", *options])
        assert left.value.code == 2
    assert not (shop / "x").exists()
