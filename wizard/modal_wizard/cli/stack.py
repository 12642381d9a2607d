"""A branch for each section that ``apply --stack`` commits, and what is said of them in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from msgspec import Struct, field
from msgspec.structs import replace

from modal_wizard.errors import WizardError
from modal_wizard.migration import requirements
from modal_wizard.reports import pull_requests
from modal_wizard.reports.pull_requests import PullRequest
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from modal_wizard.files.change import FileChange
    from modal_wizard.git.branch_stack import BranchStack
    from modal_wizard.git.commit import Committed
    from modal_wizard.migration.preview import Preview
    from modal_wizard.migration.write import SectionWriter

PINS = "required-version"


class StackedCommits(Struct):
    """Commits each section on a branch of its own, on top of the one before."""

    writer: SectionWriter
    branches: BranchStack
    pulls: list[PullRequest] = field(default_factory=list)

    def commit(self, preview: Preview) -> Committed:
        """Commit a section on its branch; raises as `SectionWriter.commit` does, with no branch left for it."""
        branch = self.branches.branch_for(preview.section.slug)
        made = self._on(branch).commit(preview)
        self._note(made, pull_requests.for_section(preview.section, branch), len(preview.accepted))
        return made

    def commit_requirements(self, files: Sequence[FileChange]) -> Committed:
        """Commit what raises the required version on its branch; raises as `commit` does."""
        branch = self.branches.branch_for(PINS)
        made = self._on(branch).commit_requirements(files)
        message = requirements.message(files, self.writer.migration.scope.goal.target)
        self._note(made, pull_requests.for_requirements(message, branch), 0)
        return made

    def _on(self, branch: str) -> SectionWriter:
        return replace(self.writer, options=replace(self.writer.options, branch=branch))

    def _note(self, made: Committed, pull: PullRequest, findings: int) -> None:
        if not made.sha:
            return
        if not self.pulls or self.pulls[-1].branch != pull.branch:
            pull.stacked = bool(self.pulls)
            pull.base = self.pulls[-1].branch if self.pulls else self.branches.start.branch or ""
            self.pulls.append(pull)
        self.pulls[-1].add(findings, made.files)

    def say(self, out: TextIO) -> None:
        """Print where HEAD is, and how the branches become pull requests."""
        if not self.pulls:
            print("No branch was made.", file=out)
            return
        start = self.branches.start
        whence = visible(start.branch) if start.branch else f"the commit {start.short}"
        print(f"{self.pulls[-1].branch} is checked out, on top of the others; {whence} stays where it was.", file=out)
        print(
            "Nothing was pushed. These commands do, and open a pull request for each branch; merge them in order:\n",
            file=out,
        )
        for command in pull_requests.commands(self.pulls, self.branches.remote):
            print(command, file=out)

    def as_markdown(self) -> str:
        """Return what the report says of the branches."""
        return pull_requests.as_markdown(self.pulls, self.branches.remote)


def begin(writer: SectionWriter, prefix: str) -> StackedCommits:
    """Return a stack to commit to, checked before anything is written; raises `WizardError` where it cannot be made."""
    from modal_wizard.git.branch_stack import BranchStack

    if writer.repository is None:
        raise WizardError("--stack needs a git repository, and this is none.", "Nothing was changed.")
    return StackedCommits(writer, BranchStack.begin(writer.repository, prefix))
