"""Scan, apply and growth, against reading the files, ast-grep and LibCST's codemod runner."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import benchmarks.reading
from benchmarks import trees
from benchmarks.timing import Contestant, Run, measure, median, median_of, more, ratio, rounds, show, verdict
from modal_transforms.formats import is_looked_at
from modal_wizard.scan.discover import list_files, scope_of

HERE = Path(__file__).parent
BIN = Path(sysconfig.get_path("scripts"))
_DENSE = 3000
_STEP = 500
_LIMITS = (
    "Python starts",
    "and the files are read",
    "and what any scan needs is loaded",
    "and one word is looked for",
    "and what imports Modal is parsed",
)


def scan_of(tree: Path, name: str = "modal-wizard scan") -> Contestant:
    """Return the command that is to be fast."""
    return Contestant(name, [str(BIN / "modal-wizard"), "scan", str(tree)], tree.parent)


def reading(tree: Path) -> Contestant:
    """Return what no scan can beat; raises `RuntimeError` if it does not read what the scan looks at."""
    looked_at = sum(map(is_looked_at, list_files(scope_of(tree))))
    if (read := benchmarks.reading.main(str(tree))) != looked_at:
        raise RuntimeError(f"the scan looks at {looked_at} files, and {read} would be read")
    return Contestant("read the same files", [sys.executable, str(HERE / "reading.py"), str(tree)], tree.parent)


def limits(tree: Path) -> list[Contestant]:
    """Return what no scan can do without, step by step: each does what those before it do as well."""
    command = [sys.executable, str(HERE / "reading.py"), str(tree)]
    start = Contestant(_LIMITS[0], [sys.executable, "-c", "pass"], tree.parent)
    return [start, *(Contestant(name, [*command, str(n)], tree.parent) for n, name in enumerate(_LIMITS[1:], 1))]


def tell_limits(runs: Mapping[str, Sequence[Run]], *others: str) -> None:
    """Print what these took, and how often what others did."""
    for name in _LIMITS:
        times = "".join(f"{ratio(runs, name, other).wall:9.2f}x {other}" for other in others)
        print(f"  the limit: {name:47}{median(runs[name]).wall * 1000:9.0f} ms{times}")


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
    runs = rounds([scan_of(tree), reading(tree), ast_grep(tree), *limits(tree)], number)
    show("(a) a big repository, a hundred files of it Modal's", runs)
    for other, goal in (("read the same files", 4), ("ast-grep scan", 0.2)):
        both = ratio(runs, "modal-wizard scan", other)
        verdict(f"scan (a) against: {other}", both.wall, goal)
        print(f"  {'':58}{both.cpu:9.3f}x    of its processor time")
    tell_limits(runs, "read the same files")
    verdict("memory of scan (a)", median(runs["modal-wizard scan"]).memory, 150, " MiB")
    shutil.rmtree(tree)


def dense(work: Path, number: int) -> None:
    """(b) Modal in every folder."""
    tree = work / "dense"
    files = trees.dense(tree, _DENSE)
    runs = rounds([scan_of(tree), ast_grep(tree), reading(tree), *limits(tree), codemod(tree)], number)
    show(f"(b) {files} Python files, Modal in all folders", runs)
    own = "modal-wizard scan"
    verdict("scan (b) against: ast-grep scan", ratio(runs, own, "ast-grep scan").wall, 3)
    print(f"  {'':58}{ratio(runs, own, 'ast-grep scan').cpu:9.3f}x    of its processor time")
    verdict("scan (b) against: LibCST codemod runner", ratio(runs, own, "LibCST codemod runner").wall, 1 / 50)
    tell_limits(runs, "ast-grep scan", "read the same files")
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
    """``apply --all`` over a part of (b), and with a commit a section over a few files, on a fresh copy each time."""
    for files, options, goal in ((_STEP, ["--all"], 5), (_FEW, ["--all", "--commit"], 4)):
        tree, copy = work / f"apply-{files}", work / "copy"
        trees.dense(tree, files)
        command = [str(BIN / "modal-wizard"), "apply", *options, str(copy)]
        every = Contestant("modal-wizard apply", command, work, partial(_copied, tree, copy), frozenset(range(4)))
        runs = rounds([scan_of(tree), every], max(1, number // 2))
        changed, commits = _changed(copy), _again(copy)
        show(f"apply {' '.join(options)}, {files} files, {len(commits)} commits, {changed} times a file", runs)
        applied, scanned = median(runs[every.name]), median(runs["modal-wizard scan"])
        git = Run(sum(c.wall for c in commits), sum(c.cpu for c in commits), 0)
        wall, cpu = (applied.wall - git.wall) / scanned.wall, (applied.cpu - git.cpu) / scanned.cpu
        if commits:
            verdict("without the commits as git alone makes them, against scan", wall, goal)
            print(f"  {'':58}{cpu:9.3f}x    of its processor time")
        else:
            verdict("processor time, against scan", cpu, goal)
        least = Run(scanned.wall * (1 + changed / files), scanned.cpu * (1 + changed / files), 0)
        print(f"  {'the limit: a scan, and the changed files once more':58}{least.wall / scanned.wall:9.3f}x")
        print(f"  {'and git alone':58}{git.wall:9.3f} s")
        _copied(tree, copy)
        counted = subprocess.run([sys.executable, "-c", _PARSES, *command[1:]], capture_output=True, text=True)
        verdict("parses", int(counted.stderr.split()[-1]), 2 * files + changed, "")


def _changed(copy: Path) -> int:
    """Return how many files were changed, one for each commit that changed it, or without a commit."""
    git = ["git", "-C", str(copy)]
    first = subprocess.run([*git, "rev-list", "--max-parents=0", "HEAD"], capture_output=True, text=True).stdout.strip()
    names = subprocess.run([*git, "log", "--format=", "--name-only", f"{first}..HEAD"], capture_output=True).stdout
    loose = subprocess.run([*git, "diff", "--name-only"], capture_output=True).stdout
    return len(names.split()) + len(loose.split())


def after_commit(work: Path, number: int) -> None:
    """From a commit until the findings of the next section are true, against the changed files' share of a scan."""
    tree, copy = work / "after", work / "after-copy"
    trees.dense(tree, _STEP)
    shares: list[float] = []
    for _ in range(max(1, number // 2)):
        _copied(tree, copy)
        told = subprocess.run([sys.executable, "-c", _AFTER, str(copy)], capture_output=True, text=True, check=True)
        for line in told.stdout.splitlines():
            taken, scan, share = map(float, line.split())
            shares.append(taken / (scan * share))
    print(f"\nafter {len(shares)} commits, over {_STEP} files")
    verdict("until the next findings are true, of the changed files' share", median_of(shares), 2)


def _copied(tree: Path, copy: Path) -> None:
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(tree, copy, symlinks=True)


def _again(copy: Path) -> list[Run]:
    """Make the commits once more that were made on the first, by git alone; return what each took."""
    git = ["git", "-C", str(copy), "-c", "user.name=b", "-c", "user.email=b@example.org", "-c", "gc.auto=0"]
    first, *later = subprocess.run(
        [*git, "rev-list", "--reverse", "HEAD"], capture_output=True, text=True
    ).stdout.split()
    subprocess.run([*git, "checkout", "-q", first], check=True)
    taken: list[Run] = []
    for commit in later:
        subprocess.run([*git, "checkout", "-q", commit, "--", "."], check=True)
        taken.append(measure(Contestant("git commit", [*git, "commit", "-q", "-a", "-m", "again"], copy)))
    return taken


_AFTER = """
import sys, time
from pathlib import Path
from modal_wizard.migration.migration import Migration
from modal_wizard.scan.discover import scope_of
from modal_wizard.scan.scanner import gc_paused
root = Path(sys.argv[1])
migration = Migration(scope_of(root))
begun = time.process_time()
with gc_paused():
    for _ in migration.scan():
        pass
scan = time.process_time() - begun
for section in migration.sections:
    migration.accept_all(migration.findings(section.slug))
    preview = migration.preview(section)
    for change in preview.files:
        (root / change.path).write_bytes(change.after)
    begun = time.process_time()
    migration.landed(preview, "")
    if preview.files:
        print(time.process_time() - begun, scan, len(preview.files) / len(migration.scanned.reports))
"""
"""Writes section by section, and prints after each: seconds to look again, those of a scan, the share that changed."""
_FEW = 88
_PARSES = """
import sys
from modal_transforms.analysis import parse
from modal_wizard.cli.main import main
read, counted = parse._ast_parse, []
parse._ast_parse = lambda data: (counted.append(1), read(data))[1]
try:
    main(sys.argv[1:])
finally:
    print(len(counted), file=sys.stderr)
"""
"""Runs the wizard, and prints how often it parsed a file."""
