"""What the bare command says to an agent: how the repository stands, and what to run in place of the screens."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from modal_transforms.core.model import Applicability
from modal_transforms.sections import REGISTRY
from modal_wizard.errors import WizardError
from modal_wizard.migration.open import head_summary, open_scope, repository_of
from modal_wizard.process.platform import quoted
from modal_wizard.process.progress import ProgressBar
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from modal_transforms.core.model import Finding
    from modal_wizard.migration.migration import Migration
    from modal_wizard.scan.discover import ScanScope

_MOST = 20
"""Files that are named; the others are counted."""
COMMANDS = (
    ("scan --format json {path}", "every finding, with its choices (--edits: with their edits)"),
    ("schema decisions", "what a file of decisions may hold"),
    ("apply --decisions - --diff {path}", "what decisions on standard input would change; nothing is written"),
    ("apply --decisions - --commit --format json {path}", "write them, one commit a section, one outcome a line"),
    ("apply --safe --commit --raise-pin {path}", "the safe rest, and the required version raised in a last commit"),
    ("verify --format json {path}", "import what uses Modal under the real SDK, before and now (runs its code)"),
    ("skill", "all of this at length"),
)


def tell(scope: ScanScope, path: Path, variable: str) -> int:
    """Print how a scope stands and what to run; returns 0. ``variable`` told of the agent."""
    print(
        f"modal-wizard: {variable} says that an agent runs this, so no screen is opened; nothing was changed. "
        "--tui opens it all the same.",
        file=sys.stderr,
    )
    migration = open_scope(scope)
    with ProgressBar("scanning") as bar:
        for step in migration.scan():
            bar.step(step.done, step.total)
    for line in [*_state(migration), "", *_commands(path)]:
        print(line)
    return 0


def _state(migration: Migration) -> Iterator[str]:
    """Yield where the repository is, what is left of it, and which files hold work of the person's."""
    findings, goal = migration.findings(), migration.scope.goal
    root = visible(str(migration.scope.root))
    yield f"repository: {root}"
    yield from _git(migration, findings)
    yield f"target: modal {goal.target}"
    yield f"findings: {_levels(findings)}; {_decided(migration, findings)} decided in the wizard and not written"
    for slug in (rule.slug for rule in REGISTRY):
        if own := [finding for finding in findings if finding.section == slug]:
            yield f"  {slug}: {_levels(own)}; {_decided(migration, own)} decided"
    for problem in migration.problems:
        yield f"not read: {visible(problem.path)}: {visible(problem.message)}"


def _git(migration: Migration, findings: Sequence[Finding]) -> Iterator[str]:
    """Yield branch and state, and the files with findings that hold uncommitted changes of the person's."""
    try:
        repository = repository_of(migration.scope) if migration.scope.in_git else None
        if repository is None:
            yield "branch: none, this is no git repository (apply needs --allow-no-vcs)"
            return
        with repository:
            yield f"branch: {head_summary(repository)}"
            dirty = repository.uncommitted([*{path for finding in findings for path in finding.paths}])
    except WizardError as problem:
        yield f"branch: unknown. {problem}"
        return
    shown = [f"{visible(path)} ({state.value})" for path, state in dirty.items()]
    more = f", and {counted(len(shown) - _MOST, 'more file')}" if len(shown) > _MOST else ""
    yield f"files with findings and uncommitted changes: {', '.join(shown[:_MOST]) or 'none'}{more}"


def _levels(findings: Sequence[Finding]) -> str:
    counts = (f"{sum(finding.applicability is level for finding in findings)} {level.value}" for level in Applicability)
    return f"{len(findings)} ({', '.join(counts)})"


def _decided(migration: Migration, findings: Sequence[Finding]) -> int:
    return sum(migration.decision(finding).status.value != "pending" for finding in findings)


def _commands(path: Path) -> Iterator[str]:
    """Yield what to run, each with what it is for."""
    yield "run:"
    shown = visible(quoted(str(path)))
    typed = [(f"modal-wizard {command.format(path=shown)}", about) for command, about in COMMANDS]
    width = max(len(command) for command, _ in typed)
    for command, about in typed:
        yield f"  {command:<{width}}  {about}"
