"""Repositories with SHA-256 names, and notebooks that say a thing twice: what is read is what is written."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from support.pilot import SHOP, git

from modal_transforms.core.source import Unreadable
from modal_transforms.formats import open_source
from modal_wizard.cli.main import main


def sha256_repository(root: Path) -> Path:
    """Make a repository with SHA-256 names that holds the shop twice."""
    root.mkdir()
    try:
        git(root, "init", "--quiet", "--object-format=sha256", "-b", "main")
    except subprocess.CalledProcessError:
        pytest.skip("needs a git that knows SHA-256")
    git(root, "config", "user.name", "A")
    git(root, "config", "user.email", "a@example.com")
    for name in ("shop.py", "other.py"):
        (root / name).write_text(SHOP)
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "Legacy")
    return root


def test_a_hook_that_takes_a_file_out_of_the_commit_leaves_the_index_in_step(tmp_path: Path) -> None:
    root = sha256_repository(tmp_path / "shop")
    (root / "extra.txt").write_text("theirs")
    git(root, "add", "extra.txt")
    git(root, "commit", "--quiet", "-m", "Extra")
    hook = root / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\ngit rm --quiet --cached extra.txt\n")
    hook.chmod(0o755)
    assert main(["apply", "--commit", "--section", "autoscaler", str(root)]) & 2
    assert "extra.txt" not in git(root, "ls-tree", "--name-only", "HEAD")
    assert git(root, "ls-files").split() == ["other.py", "shop.py"]
    assert git(root, "status", "--porcelain") == "?? extra.txt\n"


def notebook(cell: str) -> bytes:
    return f'{{"cells": [{{{cell}}}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}\n'.encode()


CODE = json.dumps(SHOP)


@pytest.mark.parametrize(
    "cell",
    [
        f'"cell_type": "code", "metadata": {{}}, "outputs": [], "source": {CODE}, "source": {CODE}',
        f'"cell_type": "code", "metadata": {{}}, "outputs": [], "source": [{CODE}], "source": "x = 1"',
        f'"cell_type": "code", "metadata": {{}}, "outputs": [], "source": {CODE}, "source": []',
        f'"cell_type": "markdown", "cell_type": "code", "source": {CODE}, "sourc\\u0065": "x = 1"',
        f'"cell_type": "code", "source": {CODE}, "source": null',
    ],
    ids=["same", "list, then text", "then nothing", "escaped", "null"],
)
def test_a_cell_that_gives_its_text_twice_is_named_and_left(tmp_path: Path, cell: str) -> None:
    with pytest.raises(Unreadable, match="cell 1 is not what it seems: a key is there twice"):
        open_source("n.ipynb", notebook(cell))


def test_cells_that_are_given_twice_are_named_and_left() -> None:
    cell = f'{{"cell_type": "code", "source": {CODE}}}'
    data = f'{{"cells": [{cell}, {cell}], "cells": [{cell}], "metadata": {{}}, "nbformat": 4}}'.encode()
    with pytest.raises(Unreadable, match="a key is there twice"):
        open_source("n.ipynb", data)
