"""What the commit screen says beside the diff: the files, and what git will do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field
from textual.content import Content

from modal_transforms.core.model import Section
from modal_wizard.errors import WizardError
from modal_wizard.migration.found_checks import found_checks, turned_on
from modal_wizard.migration.preview import Preview
from modal_wizard.text.diff import Hunk, Mark, hunks, rows
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.widgets.fit import shortened

if TYPE_CHECKING:
    from modal_wizard.tui.host import Host


class Facts(Struct, frozen=True):
    """What git will do besides."""

    text: Content = field(default_factory=lambda: Content(""))
    lendable: bool = False
    """Whether there are hooks, or something that signs, which may want to ask in the terminal."""
    checks: tuple[str, ...] = ()
    """What the repository's settings name for a check, where the person gave none of their own."""


class Outlook(Struct, frozen=True):
    """All that the commit screen shows of a commit that is not made yet."""

    preview: Preview
    hunks: list[Hunk]
    files: Content
    facts: Facts
    lends: bool
    """Whether the terminal is lent for the commit."""
    others: bool
    """Whether other sections are finished too."""


LIST, COUNTS = 78, 16
"""How wide the list of files is at most, and what its counts and its frame take of that."""


def outlook(app: Host, section: Section, width: int) -> Outlook:
    """Work out what a commit would write, and how, for a screen of so many cells; asks git."""
    preview = app.migration.preview(section)
    shown = [hunk for file in preview.files for hunk in hunks(file.path, _text(file.before), _text(file.after))]
    lent = lends(app)
    others = any(one != section for one in app.migration.ready_sections())
    listed = files_list(preview, min(width, LIST) - COUNTS)
    return Outlook(preview, shown, listed, facts(app, files_in_words(preview), lent), lent, others)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def files_in_words(preview: Preview) -> str:
    """Return how many files a commit holds."""
    return f"{counted(len(preview.files), 'file')} and nothing else"


def files_list(preview: Preview, room: int) -> Content:
    """Return the files with how many lines go and come, and what was decided; paths take ``room`` cells at most."""
    parts: list[Content | str | tuple[str, str]] = []
    for change in preview.files:
        marks = [row.mark for row in rows(_text(change.before), _text(change.after))]
        plus, minus = marks.count(Mark.NEW), marks.count(Mark.OLD)
        parts += [
            (f"+{plus}".rjust(5), ".accepted"),
            (f"-{minus}".rjust(5), ".manual"),
            f"  {shortened(visible(change.path, '␉'), room)}\n",
        ]
    if not preview.files:
        parts.append("Nothing is accepted here yet.\n")
    parts.append((f"{preview.counts}\n", ".dim"))
    for refusal in preview.refused:
        site = refusal.finding.site
        parts.append((f"{visible(site.path)}:{site.line} stays out: {visible(refusal.reason)}\n", ".warning"))
    return Content.assemble(*parts)


def facts(app: Host, several: str, lent: bool = False) -> Facts:
    """Return the line about hooks, signing and the person's own changes; ``several`` says what is committed."""
    repository = app.repository
    if repository is None:
        return Facts(Content("No git repository: W writes the files; there is no commit."))
    words: list[str] = []
    lendable, where = False, ""
    try:
        hooks, signing = repository.hooks(), repository.signing()
        head = repository.show_head()
        where = f"on the branch {visible(head.branch)}" if head.branch else f"detached at {head.short}"
        lendable = bool(hooks or signing)
        words.append(f"hooks: {', '.join(hooks)}" if hooks else "no hooks")
        words.append(f"signed ({signing})" if signing else "not signed")
    except WizardError as error:
        words.append(visible(str(error)))
    if lent:
        words.append("hooks may ask for input here")
    words.append(several)
    if app.branch or where:
        words.append(f"on the branch {visible(app.branch)}" if app.branch else where)
    root, check = app.migration.scope.root, app.wishes.check
    checks = found_checks(root) if turned_on(app.wishes, root) is not None else ()
    if check:
        words.append(f"after {visible(check.line)}")
    elif checks:
        words.append(f"V runs {' or '.join(checks)} first")
    if app.wishes.proof:
        words.append("imported under the SDK first, which runs your code (--trailers)")
    return Facts(Content(" · ".join(words)), lendable, checks)


def lends(app: Host) -> bool:
    """Tell whether the terminal is lent for the commit: something of it may ask the person."""
    try:
        return app.repository is not None and bool(app.repository.talkers())
    except WizardError:
        return False
