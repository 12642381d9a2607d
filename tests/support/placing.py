"""Local trees for cases that add files, and where the real SDKs say that those files land."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.cases import clean
from support.outcomes import ask
from support.proof import ProofCase, import_job, placed_text
from support.sdk import NEW, OLD

PROGRAM = Path(__file__).parents[1] / "sdk" / "placed.py"
TREE = (
    "a.py",
    "b.txt",
    "c.json",
    "x.txt",
    "y.md",
    "Makefile",
    ".hidden",
    "src/d.py",
    "src/e.md",
    "src/deep/f.txt",
    "src/.hidden/g.py",
    "node_modules/h.js",
    "__pycache__/i.pyc",
)
"""What lies in each folder that a case adds."""


@dataclass(frozen=True)
class Placed:
    """Where files land: for each function (sandbox, image) the places in its container and the local files."""

    places: Mapping[str, Mapping[str, str]]
    error: str | None


def placed(cases: list[ProofCase], folder: Path) -> dict[str, tuple[Placed, Placed]]:
    """Return, for each case, what 0.77.0 places before and 1.6.4 after; raises `support.sdk.SdkMissing`."""
    with ThreadPoolExecutor() as pool:
        sides = {OLD: "before", NEW: "after"}
        before, after = pool.map(lambda version: _under(version, sides[version], cases, folder), sides)
    return {case.id: (before[case.id], after[case.id]) for case in cases}


def _under(version: str, side: str, cases: list[ProofCase], folder: Path) -> dict[str, Placed]:
    home = folder / f"home-{version}"
    home.mkdir()
    jobs = [_job(case, side, version, folder / side / case.id, home) for case in cases]
    said = ask(version, PROGRAM, jobs, folder)
    return {key: Placed(each["places"], _error(each)) for key, each in said.items()}


def _error(said: Mapping[str, Any]) -> str | None:
    return placed_text(said["error"]) if said["error"] else said.get("deploy_error")


def _job(case: ProofCase, side: str, version: str, folder: Path, home: Path) -> dict[str, Any]:
    root = folder / "repository"
    for path, text in case.texts(side).items():
        _write(root / path, clean(text))
    for local in _local_paths(clean(text) for path, text in case.texts("before").items() if path.endswith(".py")):
        place = home / local[2:] if local.startswith("~/") else root / local
        if not place.exists():
            _write(place, str(place.relative_to(folder if folder in place.parents else home)))
    job = import_job(root, case.case.path, deploy=[version], call=case.case.proof.calls)
    return {**job, "key": case.id, "home": str(home), "app_for_stub": case.uses_stub}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _local_paths(codes: Iterable[str]) -> Iterator[str]:
    """Yield the local files that the files of a case add; of folders, all in them."""
    trees = [ast.parse(code) for code in codes]
    bound = [each for tree in trees for each in tree.body if isinstance(each, ast.Assign)]
    known = {ast.unparse(each.targets[0]): each.value for each in reversed(bound)}
    for call in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            named = [item.value for item in call.keywords if item.arg == "local_path"]
            path = _text(known, [*call.args, *named, ast.Constant("")][0])
            if path and call.func.attr.endswith("_local_dir"):
                yield from (f"{path}/{name}" for name in TREE)
            elif path and call.func.attr.endswith("_local_file"):
                yield path


def _text(known: Mapping[str, ast.expr], node: ast.expr) -> str:
    """Return a path as it is written, or the constant that it is called by."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.BinOp):
        return _text(known, node.right)
    name = node.attr if isinstance(node, ast.Attribute) else ast.unparse(node)
    return _text(known, known[name]) if name in known else ""
