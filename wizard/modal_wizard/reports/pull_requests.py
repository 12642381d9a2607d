"""Pull requests for branches that stand on each other: title and text of each, and the commands that open them."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from modal_transforms.core.model import Section
from modal_wizard.migration.commit_message import subject_of
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible

_MANY = 30


class PullRequest(Struct):
    """One pull request that could be opened."""

    branch: str
    base: str
    """The branch that it is to be merged into; empty for the default one."""
    title: str
    about: tuple[str, ...]
    """Paragraphs that say what it does and why."""
    link: str = ""
    stacked: bool = False
    """Whether the branch that it is based on has a pull request of its own."""
    findings: int = 0
    files: list[str] = field(default_factory=list)

    def add(self, findings: int, files: Sequence[str]) -> None:
        """Take up what a commit on the branch did."""
        self.findings += findings
        self.files += [path for path in files if path not in self.files]

    @property
    def body(self) -> str:
        """Its text, as Markdown."""
        return "\n\n".join(self._parts())

    def _parts(self) -> Iterator[str]:
        yield from self.about
        done = f"{counted(self.findings, 'change')} in " if self.findings else ""
        listed = "\n".join(f"- `{_plain(path)}`" for path in self.files[:_MANY])
        more = f"\n- and {len(self.files) - _MANY} more" if len(self.files) > _MANY else ""
        yield f"{done}{counted(len(self.files), 'file')}:\n\n{listed}{more}"
        if self.stacked:
            yield f"It stands on `{self.base}`: merge that first."
        if self.link:
            yield f"Guide: {self.link}"


def for_section(section: Section, branch: str) -> PullRequest:
    """Return the pull request of a section's branch, with nothing in it yet."""
    return PullRequest(branch, "", subject_of(section), (section.what, section.why), section.link)


def for_requirements(message: str, branch: str) -> PullRequest:
    """Return the pull request of the branch that raises the required version, by the message of its commit."""
    title, why, *_ = message.split("\n\n")
    return PullRequest(branch, "", title, (" ".join(why.split()),))


def commands(pulls: Sequence[PullRequest], remote: str) -> Iterator[str]:
    """Yield the commands that push the branches and open the pull requests, in order; one may be of several lines."""
    if pulls:
        yield shlex.join(["git", "push", remote, *(pull.branch for pull in pulls)])
    for pull in pulls:
        base = ["--base", pull.base] if pull.base else []
        words = ["gh", "pr", "create", *base, "--head", pull.branch, "--title", pull.title, "--body", pull.body]
        yield shlex.join(words)


def as_markdown(pulls: Sequence[PullRequest], remote: str) -> str:
    """Return what a report says of the pull requests; empty where there are none."""
    return "\n".join(_lines(pulls, remote)) + "\n" if pulls else ""


def _lines(pulls: Sequence[PullRequest], remote: str) -> Iterator[str]:
    yield from ("", f"### Pull requests ({len(pulls)})", "", "Each stands on the one before it: merge them in order.")
    for number, pull in enumerate(pulls, 1):
        into = f" into `{pull.base}`" if pull.base else ""
        yield from ("", f"#### {number}. {pull.title}", "", f"`{pull.branch}`{into}", "")
        yield from (f"> {line}".rstrip() for line in pull.body.split("\n"))
    yield from ("", "Nothing was pushed. These commands do, and open them:", "", "````sh")
    yield from commands(pulls, remote)
    yield "````"


def _plain(text: str) -> str:
    return visible(text, " ").replace("`", "'")
