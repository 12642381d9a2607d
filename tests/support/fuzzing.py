"""Put changed files through find, rewrite and apply, and say what is wrong with the outcome."""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import os
import random
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from modal_transforms.analysis.parse import ParseFailure
from modal_transforms.analysis.project import Project
from modal_transforms.core.model import Change, Choice, Finding, fill
from modal_transforms.core.source import SourceFile, Unreadable
from modal_transforms.engine import look_at, open_module
from modal_transforms.formats import is_looked_at, open_source
from modal_transforms.prefilter import may_hold_modal
from modal_transforms.rewrite.rewrite import CannotRewrite, Rewritten, rewrite
from modal_wizard.cli.main import main
from modal_wizard.demo import demo_files
from support.interplay import NUMBERS
from support.mutating import tree
from support.programs import program
from support.promises import Wrong, inspect, keeps_comments, keeps_foreign, written

FOLDER = "MODAL_WIZARD_FUZZ_CORPUS"
"""Names a folder with repositories whose Python files are to be changed and tried as well."""
TAKES_OUT = {"build", "mount", "image-copy"}
"""Sections that take whole statements out, their comments with them."""
ROUNDS = 3
"""After so many looks nothing may be new."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A repository of which one file is to be changed."""

    name: str
    path: str
    text: str
    files: Mapping[str, str]


@cache
def corpus() -> tuple[Seed, ...]:
    """Return what the project itself has: cases and near misses of all sections, the demo, made-up programs."""
    return (*_cases(), *_demo(), *(_made_up(number) for number in range(40)))


def _cases() -> Iterator[Seed]:
    for slug in NUMBERS:
        cases = importlib.import_module(f"cases.{slug.replace('-', '_')}")
        for case in cases.CASES:
            yield Seed(f"{slug}-{case.id}", case.path, _clean(case.before), _cleaned(case.files))
        for miss in cases.NEAR_MISSES:
            yield Seed(f"{slug}-{miss.id}", miss.path, _clean(miss.code), _cleaned(miss.files))


def _demo() -> Iterator[Seed]:
    texts = {path: data.decode() for path, data in demo_files().items() if path.endswith(".py")}
    for path, text in texts.items():
        yield Seed(f"demo-{path}", path, text, {name: other for name, other in texts.items() if name != path})


def _made_up(number: int) -> Seed:
    files = program(number)
    return Seed(f"made-up-{number}", "main.py", files.pop("main.py"), files)


def _cleaned(files: Mapping[str, str]) -> dict[str, str]:
    return {path: _clean(text) for path, text in files.items()}


def _clean(text: str) -> str:
    return textwrap.dedent(text).lstrip("\n")


@cache
def real_corpus() -> tuple[Seed, ...]:
    """Return the Python files that speak of Modal below the folder that the environment names; none without it."""
    folder = os.environ.get(FOLDER, "")
    return tuple(_real(Path(folder))) if folder else ()


def _real(folder: Path) -> Iterator[Seed]:
    for place in sorted(folder.rglob("*.py")):
        if place.is_file() and not place.is_symlink() and place.stat().st_size < 40_000:
            data = place.read_bytes()
            if may_hold_modal(data):
                with_text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
                yield Seed(str(place.relative_to(folder)), "main.py", with_text, {})


Sources = dict[str, SourceFile]
Where = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many findings a repository had, and how many choices of theirs were refused because they cannot be made."""

    findings: int
    refused: int


def check(files: Mapping[str, bytes], path: str, *, steps: bool = False) -> Outcome:
    """Find and rewrite everything in a repository of which ``path`` was changed.

    Raises `Wrong`; any other exception is as wrong. ``steps`` takes the sections one by one as well.
    """
    try:
        sources = {name: open_source(name, data) for name, data in files.items()}
    except Unreadable:
        return Outcome(0, 0)
    found = find(sources)
    unread = is_looked_at(path) and not may_hold_modal(files[path], path)
    if unread and find({path: sources[path]}):  # what others lend it is looked for too
        raise Wrong("left out unread", path)
    refused = sum(not _attempt(sources, finding, choice) for finding in found for choice in finding.choices)
    taken = together(sources, found)
    after = {**sources, **{name: written(result) for name, result in taken.made.items()}}
    for result in taken.made.values():
        inspect(result)
        if result.before.path.endswith(".py") and not _is_imported(result.before.path, sources):
            keeps_foreign(result)
    _settle(found, taken, after)
    if steps and not any(finding.section in TAKES_OUT for finding in taken.findings):
        _section_by_section(sources, taken, after)
    return Outcome(len(found), refused)


def find(sources: Sources) -> list[Finding]:
    """Return all findings; a section that failed is wrong."""
    project = Project(sources, lambda name: sources[name].data)
    found: list[Finding] = []
    for path in sorted(sources):
        try:
            module = project.module(path) or open_module(sources[path], project)
        except (ParseFailure, Unreadable):
            continue
        report = look_at(module)
        for problem in report.problems:
            raise Wrong("a section failed", problem.message)
        found += report.findings
    return found


def _attempt(sources: Sources, finding: Finding, choice: Choice) -> bool:
    """Take one choice alone; tells whether it can be made."""
    try:
        made = _rewritten(sources, [(finding, choice)])
    except CannotRewrite as error:
        _is_no_fault(error)
        return False
    for result in made.values():
        inspect(result)
        if finding.section not in TAKES_OUT and result.before.path.endswith(".py"):
            keeps_comments(result)
    return True


def _is_no_fault(refusal: CannotRewrite) -> None:
    if "fault of ours" in str(refusal):
        raise Wrong("a rewrite failed", str(refusal))


def _rewritten(sources: Sources, taken: Iterable[tuple[Finding, Choice]]) -> dict[str, Rewritten]:
    changes: dict[str, list[Change]] = {}
    for _, choice in sorted(taken, key=lambda pair: NUMBERS[pair[0].section]):
        for change in fill(choice, {ask.key: ask.default or "a-name" for ask in choice.asks}):
            changes.setdefault(change.path, []).append(change)
    try:
        return {path: rewrite(sources[path], wanted) for path, wanted in changes.items()}
    except CannotRewrite as refused:
        if refused.__cause__ is not None:  # a fault of ours, told as a refusal
            raise refused.__cause__ from None
        raise


@dataclass(frozen=True, slots=True)
class Taken:
    """Findings whose recommended choices can be made together, and what they make of the files."""

    findings: tuple[Finding, ...]
    made: dict[str, Rewritten]


def together(sources: Sources, found: Iterable[Finding]) -> Taken:
    """Take the recommended choice of every finding that can be taken beside those before it."""
    wanted = [finding for finding in found if finding.choices]
    try:
        return Taken(tuple(wanted), _rewritten(sources, [(each, each.choices[0]) for each in wanted]))
    except CannotRewrite:
        pass
    able: list[Finding] = []
    made: dict[str, Rewritten] = {}
    for finding in wanted:
        try:
            made = _rewritten(sources, [(each, each.choices[0]) for each in [*able, finding]])
        except CannotRewrite as error:
            _is_no_fault(error)
            continue
        able.append(finding)
    return Taken(tuple(able), made)


def _is_imported(path: str, sources: Sources) -> bool:
    """Tell whether another file says the name of a file, so that what is Modal's in it cannot be told from it alone."""
    names = [part for part in path.removesuffix(".py").split("/") if part != "__init__"]
    return any(names[-1:] and names[-1].encode() in each.data for other, each in sources.items() if other != path)


def _kinds(findings: Iterable[Finding]) -> Counter[Where]:
    return Counter((each.site.path, each.section, each.rule) for each in findings)


def _settle(found: list[Finding], taken: Taken, after: Sources) -> None:
    """A second look finds what was left; what becomes unused on the way comes to an end soon."""
    left = _kinds(found) - _kinds(taken.findings)
    for _ in range(ROUNDS):
        again = find(after)
        new = _kinds(each for each in again if each.choices) - left
        if not new:
            return
        more = together(after, [each for each in again if (each.site.path, each.section, each.rule) in new])
        after = {**after, **{name: written(result) for name, result in more.made.items()}}
    raise Wrong(f"found again and again: {sorted({rule for _, _, rule in new})}", str(sorted(new)))


def _section_by_section(sources: Sources, taken: Taken, once: Sources) -> None:
    """Taken section after section, with a new look before each, the files come out saying the same."""
    files = dict(sources)
    stepped: list[Finding] = []
    for slug in NUMBERS:
        step = together(files, [each for each in find(files) if each.section == slug])
        stepped += step.findings
        files |= {path: written(result) for path, result in step.made.items()}
    if _kinds(stepped) != _kinds(taken.findings):
        return
    for path, source in files.items():
        if source.raw != once[path].raw and _said(source) != _said(once[path]):
            raise Wrong("another program by section", path)


def _said(source: SourceFile) -> str:
    """Return what a file says, however it is laid out, and whichever import brings a name of Modal."""
    try:
        module = tree(source.program)
    except SyntaxError:
        return source.text
    imported: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.module == "modal":
            imported |= {ast.unparse(each) for each in node.names}
            node.names = [ast.alias("names")]
    lines = ast.unparse(module).split("\n")
    return "\n".join([*sorted(imported), *(line for line in lines if line.strip() != "from modal import names")])


def apply_twice(files: Mapping[str, bytes], root: Path) -> None:
    """Write everything into a folder by the command line, twice; the second time finds nothing to do."""
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    first = _applied(root)
    second = _applied(root)
    changed = [path for path, data in second.items() if first.get(path) != data]
    if changed:
        raise Wrong("a second run changes", str(changed))


def _applied(root: Path) -> dict[str, bytes]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        main(["apply", "--all", "--allow-no-vcs", str(root)])
    if "fault of ours" in said.getvalue() or "failed here" in said.getvalue():
        raise Wrong("a fault of ours", said.getvalue())
    return {str(each.relative_to(root)): each.read_bytes() for each in root.rglob("*.*") if each.is_file()}


def numbers(chance: random.Random) -> list[tuple[int, int, int]]:
    """Return numbers for a few mutations."""
    return [
        (chance.randrange(1000), chance.randrange(2**31), chance.randrange(2**31))
        for _ in range(chance.choice([1, 1, 2, 2, 3, 4, 6]))
    ]
