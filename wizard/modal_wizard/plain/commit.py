"""Put a section into files and into a commit, asked line by line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from modal_transforms.formats import open_source
from modal_wizard.errors import WizardError
from modal_wizard.git.additions import in_words
from modal_wizard.migration import requirements
from modal_wizard.migration.commit_message import commit_message
from modal_wizard.migration.preview import Preview
from modal_wizard.migration.write import SectionWriter
from modal_wizard.plain.console import Console
from modal_wizard.plain.cursor import Desk
from modal_wizard.plain.format import shown, stat
from modal_wizard.process.editor import NoEditor
from modal_wizard.reports.refusal import message_of
from modal_wizard.session.drafts import MESSAGE
from modal_wizard.text.diff import unified
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from modal_wizard.git.failures import CommitFailed


def commit_section(desk: Desk) -> None:
    """Show the message and the files, ask, and commit."""
    if desk.repository is None:
        desk.console.say("There is no git repository; w writes the files without a commit.")
        return
    preview = _ready(desk)
    if preview is None:
        return
    message = desk.drafts.find(_draft(preview)) or commit_message(preview)
    desk.console.say("", "The message:", *_indented(message), "The files:", *stat(preview), _circumstances(desk))
    while (answer := desk.console.ask("Commit? y yes, e edit the message, d show the diff, n no:")) != "y":
        if answer == "e":
            message = _reworded(desk, preview, message)
        elif answer == "d":
            desk.console.say(*_diff(desk, preview))
        elif answer in {"n", "q"}:
            desk.console.say("Nothing was committed; the section stays ready.")
            return
    _commit(desk, preview, message)


def write_section(desk: Desk) -> None:
    """Show the files, ask, and write them without a commit."""
    preview = _ready(desk)
    if preview is None:
        return
    desk.console.say("", "The files:", *stat(preview))
    if not desk.console.agreed("Write them without a commit?"):
        desk.console.say("Nothing was written; the section stays ready.")
        return
    try:
        _writer(desk).write(preview)
    except (WizardError, OSError) as error:
        _tell_failure(desk, error)
        return
    desk.console.say(f"Written without a commit: {preview.section.subject}.")
    desk.advance()


def raise_pin(desk: Desk) -> None:
    """Show what raising the required version of modal changes, ask, and commit it."""
    files = requirements.changes(desk.migration.scope) if desk.repository is not None else ()
    if not files:
        why = "No requirement of modal is to be raised." if desk.repository else "There is no git repository."
        desk.console.say(why)
        return
    undecided = sum(desk.migration.tally(section.slug).pending for section in desk.migration.sections)
    desk.console.say("", *map(shown, requirements.moves(files)))
    over = f"{requirements.over(undecided)}. " if undecided else ""
    if not desk.console.agreed(f"{over}Require modal {desk.migration.scope.goal.target}, as a commit?"):
        desk.console.say("The required version stays as it is.")
        return
    try:
        made = _writer(desk).commit_requirements(files)
    except (WizardError, OSError) as error:
        _tell_failure(desk, error)
        return
    desk.console.say(f"modal {desk.migration.scope.goal.target} is required now, commit {made.short}.")


def choose_branch(desk: Desk, name: str) -> None:
    """Make the commits to come on a new branch; without a name, say where they go."""
    if not name:
        desk.console.say(f"Commits go to the new branch {shown(desk.branch)}." if desk.branch else "b and a name.")
        return
    try:
        if desk.repository is not None:
            desk.repository.check_new_branch(name)
    except WizardError as error:
        desk.console.say(shown(str(error)))
        return
    desk.branch = name
    desk.console.say(f"The commits will be made on the new branch {shown(name)}.")


def _ready(desk: Desk) -> Preview | None:
    preview = desk.migration.preview(desk.section) if desk.section else None
    if preview is None or not preview.files:
        desk.console.say("Nothing is accepted in this section yet.")
        return None
    return preview


def _circumstances(desk: Desk) -> str:
    if desk.repository is None:
        return ""
    try:
        hooks, signing = desk.repository.hooks(), desk.repository.signing()
        head = desk.repository.show_head()
    except WizardError as error:
        return shown(str(error))
    words = [f"hooks: {', '.join(hooks)}" if hooks else "no hooks", f"signed ({signing})" if signing else "not signed"]
    new = desk.branch not in {"", head.branch}
    words += [f"on the new branch {shown(desk.branch)}"] if new else []
    here = f"On the branch {shown(head.branch)}." if head.branch else f"On {head.short}, which no branch names."
    return f"Git: {', '.join(words)}." + ("" if new else f" {here}")


def _commit(desk: Desk, preview: Preview, message: str) -> None:
    try:
        made = _writer(desk).commit(preview, message)
    except (WizardError, OSError) as error:
        _tell_failure(desk, error)
        return
    desk.drafts.drop(_draft(preview))
    done = f"Committed {made.short}: {preview.section.subject}." if made.sha else "Written; no file is in git."
    left = [f"{shown(path)} is not in git and was only written." for path in made.left_uncommitted]
    desk.console.say(done, *left, *filter(None, [in_words(made.additions)]))
    desk.advance()


def _writer(desk: Desk) -> SectionWriter:
    options = replace(desk.wishes, branch=desk.branch)
    return SectionWriter(desk.migration, desk.repository, options, _LineByLine(desk.console))


class _LineByLine:
    """Tells of a commit that is being made, and asks, line by line; a `FrontEnd`."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def check_begins(self, command: str) -> None:
        self._console.say(f"Running the check: {visible(command)}")

    def check_says(self, line: str) -> None:
        self._console.say(f"  | {line}")

    def hook_says(self, line: str) -> None:
        self._console.say(f"  | {line}")

    def check_passed(self, result: str) -> None:
        self._console.say(f"{result[:1].upper()}{result[1:]}")

    def takes_hook_changes(self, failed: CommitFailed) -> bool:
        self._console.say("A hook rewrote files of ours and refused:", *_indented(failed.output))
        return self._console.agreed(f"Commit {', '.join(map(shown, failed.rewritten))} as the hook left them?")

    def goes_on(self, moved: str) -> bool:
        return self._console.agreed(f"{moved} Commit there all the same?")


def _tell_failure(desk: Desk, error: WizardError | OSError) -> None:
    text = "\n".join([message_of(error), error.hint]) if isinstance(error, WizardError) else str(error)
    desk.console.say(*map(visible, text.split("\n")), *_indented(str(getattr(error, "output", ""))))
    rest = "Every other file" if isinstance(error, WizardError) and error.left else "Every file"
    desk.console.say(f"{rest} is as it was; the section stays ready.")


def _draft(preview: Preview) -> str:
    return MESSAGE + preview.section.slug


def _reworded(desk: Desk, preview: Preview, message: str) -> str:
    try:
        return desk.edited(_draft(preview), message, suffix=".txt") or message
    except NoEditor as error:
        desk.console.say(shown(str(error)))
        return message


def _diff(desk: Desk, preview: Preview) -> Iterable[str]:
    texts = (
        (change.path, open_source(change.path, change.before).text, open_source(change.path, change.after).text)
        for change in preview.files
    )
    return map(visible, unified(texts))


def _indented(text: str) -> list[str]:
    return [f"  | {visible(line)}" for line in text.splitlines()]
