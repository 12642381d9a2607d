"""Scan, apply and growth, against reading the files, ast-grep and LibCST's codemod runner."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from pathlib import Path

import benchmarks.reading
from benchmarks import trees
from benchmarks.timing import Contestant, measure, median, more, ratio, rounds, show, verdict
from modal_transforms.formats import is_looked_at
from modal_wizard.scan.discover import list_files, scope_of

HERE = Path(__file__).parent
BIN = Path(sysconfig.get_path("scripts"))
_DENSE = 3000
_STEP = 500


def scan_of(tree: Path, name: str = "modal-wizard scan") -> Contestant:
    """Return the command that is to be fast."""
    return Contestant(name, [str(BIN / "modal-wizard"), "scan", str(tree)], tree.parent)


def reading(tree: Path) -> Contestant:
    """Return what no scan can beat; raises `RuntimeError` if it does not read what the scan looks at."""
    looked_at = sum(map(is_looked_at, list_files(scope_of(tree))))
    if (read := benchmarks.reading.main(str(tree))) != looked_at:
        raise RuntimeError(f"the scan looks at {looked_at} files, and {read} would be read")
    return Contestant("read the same files", [sys.executable, str(HERE / "reading.py"), str(tree)], tree.parent)


def ast_grep(tree: Path) -> Contestant:
    """Return ast-grep with rules for all twelve sections."""
    command = [str(BIN / "ast-grep"), "scan", "--config", str(HERE / "sgconfig.yml"), "--json=stream", str(tree)]
    return Contestant("ast-grep scan", command, tree.parent)


def codemod(tree: Path) -> Contestant:
    """Return LibCST's runner with the renames alone, on both processors, showing what it would change."""
    (tree.parent / ".libcst.codemod.yaml").write_text(f"modules: ['benchmarks']\nrepo_root: '{tree}'\n")
    options = ["--no-format", "--unified-diff", "--hide-progress", "--hide-generated-warnings"]
    program = f"import sys; sys.path.insert(0, {str(HERE.parent)!r}); from libcst.tool import main; "
    program += "sys.exit(main('libcst.tool', sys.argv[1:]))"
    command = [sys.executable, "-c", program, "codemod", *options, "renames.Renames", str(tree)]
    return Contestant("LibCST codemod runner", command, tree.parent, once=True, proof=b"Finished codemodding")


def big(work: Path, peer: Path | None, number: int) -> None:
    """(a) A big repository with little Modal."""
    tree = work / "big"
    trees.big(tree, peer)
    runs = rounds([scan_of(tree), reading(tree), ast_grep(tree)], number)
    show("(a) a big repository, a hundred files of it Modal's", runs)
    for other, goal in (("read the same files", 3), ("ast-grep scan", 0.2)):
        both = ratio(runs, "modal-wizard scan", other)
        verdict(f"scan (a) against: {other}", both.wall, goal)
        print(f"  {'':58}{both.cpu:9.3f}x    of its processor time")
    verdict("memory of scan (a)", median(runs["modal-wizard scan"]).memory, 150, " MiB")
    shutil.rmtree(tree)


def dense(work: Path, number: int) -> None:
    """(b) Modal in every folder."""
    tree = work / "dense"
    files = trees.dense(tree, _DENSE)
    runs = rounds([scan_of(tree), ast_grep(tree), reading(tree), codemod(tree)], number)
    show(f"(b) {files} Python files, Modal in all folders", runs)
    own = "modal-wizard scan"
    verdict("scan (b) against: ast-grep scan", ratio(runs, own, "ast-grep scan").wall, 1)
    print(f"  {'':58}{ratio(runs, own, 'ast-grep scan').cpu:9.3f}x    of its processor time")
    verdict("scan (b) against: LibCST codemod runner", ratio(runs, own, "LibCST codemod runner").wall, 1 / 50)
    verdict("memory of scan (b)", median(runs[own]).memory, 150, " MiB")


def tiny(work: Path, number: int) -> None:
    """(c) One file."""
    tree = work / "tiny"
    trees.tiny(tree)
    runs = rounds([scan_of(tree), Contestant("python -c pass", [sys.executable, "-c", "pass"], work)], number * 3)
    show("(c) one file", runs)
    both = more(runs, "modal-wizard scan", "python -c pass")
    verdict("scan (c) more than python -c pass", both.wall, 0.15, " s")
    print(f"  {'':58}{both.cpu:9.3f} s   of processor time")


def growth(work: Path, number: int) -> None:
    """Twice, four times and eight times the files of (b)."""
    contestants = []
    for times in (1, 2, 4, 8):
        tree = work / f"dense-{times}"
        trees.dense(tree, _STEP * times)
        contestants.append(scan_of(tree, f"{times} x {_STEP} files"))
    runs = rounds(contestants, number)
    show("growth", runs)
    for times in (2, 4, 8):
        both = ratio(runs, f"{times} x {_STEP} files", f"1 x {_STEP} files")
        verdict(f"{times} times the files", both.wall, times * 8.5 / 8)
        print(f"  {'':58}{both.cpu:9.3f}x    of the processor time")


def apply_all(work: Path, number: int) -> None:
    """``apply --all`` over a part of (b), on a fresh copy each time."""
    tree, copy = work / "dense-1", work / "copy"
    if not tree.exists():
        trees.dense(tree, _STEP)

    def prepare() -> None:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(tree, copy, symlinks=True)

    command = [str(BIN / "modal-wizard"), "apply", "--all", str(copy)]
    every = Contestant("modal-wizard apply --all", command, work, prepare, frozenset(range(4)))
    runs = {every.name: [measure(every) for _ in range(max(1, number // 2))]}
    show(f"apply --all, {_STEP} files", runs)
