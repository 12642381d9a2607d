"""A migration of many repositories: a fixer for all-repos, which clones them and opens pull requests.

``python -m modal_wizard.ci.all_repos -C all-repos.json --dry-run -- --all --decisions decisions.json``: what stands
after ``--`` is what ``modal-wizard apply`` takes; it makes the commits, one a section.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct, field

from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from all_repos.autofix_lib import AutofixSettings, Commit
    from all_repos.config import Config

REMAIN, FAILED = 1, 2
NOT_TAKEN = ("paths", "diff", "branch", "stack", "report")
"""Options of ``apply`` that are about one repository, or about where its commits go, which all-repos says."""
TRUNK = "refs/remotes/origin/HEAD"
"""The default branch, by a name that no tag can have."""
_HEADINGS = ("repository", "findings", "commits", "left", "outcome")


class RepositoryOutcome(Struct, frozen=True):
    """What became of one repository."""

    name: str
    outcome: str
    findings: int = 0
    commits: int = 0
    left: int = 0
    failed: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        """Its row in the table."""
        return visible(self.name, "␉"), str(self.findings), str(self.commits), str(self.left), self.outcome


class FixRequest(Struct, frozen=True):
    """What is done in each repository."""

    options: tuple[str, ...]
    """What ``modal-wizard apply`` is given."""
    config: Config
    commit: Commit
    settings: AutofixSettings
    folder: str = field(default_factory=os.getcwd)
    """Where this was started: files that the options name are relative to it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Migrate the repositories; returns bit 1 when findings remain in one, bit 2 when one failed."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    at = given.index("--") if "--" in given else len(given)
    try:
        from all_repos import autofix_lib, mapper
    except ImportError:
        print("modal-wizard: all-repos is not installed: pip install 'modal-wizard[all-repos]'", file=sys.stderr)
        return FAILED
    parser = argparse.ArgumentParser(
        prog="python -m modal_wizard.ci.all_repos", description=__doc__.partition("\n")[0], usage="%(prog)s ... -- ..."
    )
    autofix_lib.add_fixer_args(parser)
    parser.add_argument("--branch", default="modal-1.0", metavar="NAME", help="all-repos_autofix_NAME (modal-1.0)")
    options = parser.parse_args(given[:at])
    _check(parser, given[at + 1 :])
    repos, config, commit, settings = autofix_lib.from_cli(
        options, find_repos=_cloned, msg="", branch_name=options.branch
    )
    request = FixRequest(tuple(given[at + 1 :]), config, commit, settings)
    with mapper.process_mapper(settings.jobs) as each:
        rows = list(each(partial(migrate, request), tuple(repos)[: settings.limit]))
    print("\n".join(table(rows)))
    return (REMAIN if any(row.left for row in rows) else 0) | (FAILED if any(row.failed for row in rows) else 0)


def _check(parser: argparse.ArgumentParser, options: Sequence[str]) -> None:
    """End with a usage error where ``modal-wizard apply`` would not take the options, or they are not for many."""
    from modal_wizard.cli import apply

    ours = argparse.ArgumentParser(prog="modal-wizard apply", usage=argparse.SUPPRESS)
    apply.add_arguments(ours)
    plain, parsed = ours.parse_args([]), ours.parse_args([*options, "--commit"])
    for name in NOT_TAKEN:
        if getattr(parsed, name) != getattr(plain, name):
            parser.error(f"after -- there may be options of modal-wizard apply, but no {name}")
    if str(getattr(parsed, "decisions", "")) == "-":
        parser.error("decisions for many repositories come from a file")


def _cloned(config: Config) -> Iterable[str]:
    return [os.path.join(config.output_dir, name) for name in sorted(config.get_cloned_repos())]


def migrate(request: FixRequest, repo: str) -> RepositoryOutcome:
    """Migrate a fresh clone of one repository, and push the branch where that is wanted; never raises."""
    from all_repos import autofix_lib

    below = os.path.relpath(repo, request.config.output_dir)
    name = repo if below.startswith(os.pardir) else below
    found = RepositoryOutcome(name, "failed, see above", failed=True)
    with autofix_lib.repo_context(repo, use_color=request.settings.color):  # tells of errors and goes on
        found = _migrate_here(request, name)
    return found


def _migrate_here(request: FixRequest, name: str) -> RepositoryOutcome:
    """Migrate the clone that is the working directory."""
    from all_repos import autofix_lib

    branch, root = f"all-repos_autofix_{request.commit.branch_name}", os.getcwd()
    if not subprocess.run(["git", "for-each-ref", "--count=1"], check=True, capture_output=True).stdout:
        return RepositoryOutcome(name, "no commit yet")
    autofix_lib.run("git", "checkout", "--quiet", "--no-track", TRUNK, "-b", branch)
    findings = _findings(request, root)
    code = _ours(request, "apply", "--commit", *request.options, root).returncode
    listed = autofix_lib.run("git", "rev-list", f"{TRUNK}..HEAD", capture_output=True, text=True)
    commits = len(listed.stdout.split())
    failed = bool(code & FAILED)
    row = partial(RepositoryOutcome, name, findings=findings, commits=commits, left=_findings(request, root))
    if failed:
        return row("refused, not pushed" if commits else "refused", failed=True)
    if not commits:
        return row("nothing to do")
    if request.settings.dry_run:
        return row("not pushed (dry run)")
    if request.settings.interactive and not _agreed(commits):
        return row("not pushed")
    request.config.push(request.config.push_settings, branch)
    return row("pushed")


def _agreed(commits: int) -> bool:
    subprocess.run(["git", "log", "--stat", f"{TRUNK}..HEAD"], check=True)
    return input(f"Push {counted(commits, 'commit')}? [y/N] ").strip().lower() in {"y", "yes"}


def _findings(request: FixRequest, root: str) -> int:
    """Return how many findings there are."""
    done = _ours(request, "scan", "--format", "json", root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return int(json.loads(done.stdout)["summary"]["findings"])


def _ours(
    request: FixRequest, *words: str, stdout: int | None = None, stderr: int | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run modal-wizard in a process of its own, where this was started."""
    command = [sys.executable, "-m", "modal_wizard", *words]
    environment = {**os.environ, **_author(request.commit.author)}
    return subprocess.run(command, cwd=request.folder, env=environment, stdout=stdout, stderr=stderr, check=False)


def _author(named: str | None) -> dict[str, str]:
    """Return what makes git take an author for the commits; nothing for its own."""
    found = re.fullmatch(r"\s*(.*?)\s*<(.*)>\s*", named or "")
    return {"GIT_AUTHOR_NAME": found[1], "GIT_AUTHOR_EMAIL": found[2]} if found else {}


def table(rows: Sequence[RepositoryOutcome]) -> Iterator[str]:
    """Yield the lines of the summary: a row a repository, and how many came to what."""
    cells = [_HEADINGS, *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEADINGS))]
    yield ""
    for name, *numbers, outcome in cells:
        aligned = "  ".join(text.rjust(width) for text, width in zip(numbers, widths[1:], strict=False))
        yield f"{name.ljust(widths[0])}  {aligned}  {outcome}"
    sums = ", ".join(f"{count} {outcome}" for outcome, count in Counter(row.outcome for row in rows).most_common())
    repositories = "1 repository" if len(rows) == 1 else f"{len(rows)} repositories"
    yield f"{repositories}{': ' if rows else ''}{sums}."


if __name__ == "__main__":
    sys.exit(main())
