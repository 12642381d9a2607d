"""Put a section into files and into a commit, asked line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from modal_transforms.formats import open_source
from modal_wizard.config.commands import COMMANDS
from modal_wizard.errors import WizardError
from modal_wizard.files.change import FileChange
from modal_wizard.migration import requirements
from modal_wizard.migration.commit_message import commit_message
from modal_wizard.migration.found_checks import turned_on
from modal_wizard.migration.preview import Preview
from modal_wizard.migration.write import SectionWriter
from modal_wizard.plain.console import Console
from modal_wizard.plain.cursor import Desk
from modal_wizard.plain.format import shown, stat
from modal_wizard.process.editor import NoEditor
from modal_wizard.reports.refusal import is_liftable, message_of
from modal_wizard.review.waiting import saved_late
from modal_wizard.session.drafts import MESSAGE
from modal_wizard.text.diff import unified
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from modal_wizard.git.failures import CommitFailed

T = TypeVar("T")


def commit_section(desk: Desk) -> None:
    """Show the message and the files, ask, and commit."""
    if desk.repository is None:
        desk.console.say("There is no git repository; W writes the files without a commit.")
        return
    preview = _ready(desk)
    if preview is None:
        return
    message = desk.drafts.find(draft_key(preview)) or commit_message(preview)
    desk.console.say("", "The message:", *_indented(message), "The files:", *stat(preview), _circumstances(desk))
    root = desk.migration.scope.root
    more = ", V run a check first" if turned_on(desk.wishes, root) is not None else ""
    while (answer := desk.console.ask(f"Commit? y yes, e edit the message, P show the changes{more}, n no:")) != "y":
        if answer == "V" and more:
            desk.wishes = turned_on(desk.wishes, root) or desk.wishes
            check = desk.wishes.check
            desk.console.say(f"{check.line} is run before each commit." if check else "No check is run.")
        elif answer == "e":
            message = _reworded(desk, preview, message)
        elif answer == "P":
            desk.console.say(*diff_of(preview.files))
        elif answer in {"n", "q"}:
            desk.console.say("Nothing was committed; the section stays ready.")
            return
    if commit_preview(desk, preview, message):
        desk.advance()


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
        _without_own_changes(desk, lambda: writer_of(desk).write(preview))
    except (WizardError, OSError) as error:
        tell_failure(desk, error)
        return
    desk.console.say(f"Written without a commit: {preview.section.subject}.")
    desk.advance()


def raise_pin(desk: Desk) -> None:
    """Show what raising the required version of modal changes, ask, and commit it."""
    files = requirements.changes(desk.migration.scope) if desk.repository is not None else ()
    if not files:
        why = COMMANDS["pin"].silent if desk.repository else "There is no git repository."
        desk.console.say(why)
        return
    undecided = sum(desk.migration.tally(section.slug).pending for section in desk.migration.sections)
    target = desk.migration.scope.goal.target
    what = shown(requirements.raising(files, target))
    desk.console.say(*diff_of(files))
    if not desk.console.agreed(shown(requirements.question(files, target, undecided))):
        desk.console.say("The pin stays as it is.")
        return
    try:
        made = writer_of(desk).commit_requirements(files)
    except (WizardError, OSError) as error:
        tell_failure(desk, error)
        return
    desk.console.say(f"Raised {what}, commit {made.short}.")


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
    desk.console.say(*saved_late(desk.drafts))
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
    here = f"On the branch {shown(head.branch)}." if head.branch else f"Detached at {head.short}."
    words += ["imported under the SDK first, which runs your code (--trailers)"] if desk.wishes.proof else []
    return f"Git: {', '.join(words)}." + ("" if new else f" {here}")


def commit_preview(desk: Desk, preview: Preview, message: str) -> bool:
    """Commit a section and say what came of it; tells whether it was committed."""
    try:
        made = _without_own_changes(desk, lambda: writer_of(desk).commit(preview, message))
    except (WizardError, OSError) as error:
        tell_failure(desk, error)
        return False
    desk.drafts.drop(draft_key(preview))
    done = f"Committed {made.short}: {preview.section.subject}." if made.sha else "Written; no file is in git."
    left = [f"{made.left_in_words[0].upper()}{made.left_in_words[1:]}."] if made.left_uncommitted else []
    desk.console.say(done, *left, *filter(None, [made.amiss]))
    return True


def _without_own_changes(desk: Desk, make: Callable[[], T]) -> T:
    """Do it; where files hold work of the person's, ask whether to commit only our lines, and do it again."""
    try:
        return make()
    except WizardError as error:
        if not is_liftable(error):
            raise
        desk.console.say(*map(visible, message_of(error, "it holds work of yours").split("\n")))
        if not desk.console.agreed("Commit only our lines of these files?"):
            raise
    allow_own_changes(desk, True)
    return make()


def allow_own_changes(desk: Desk, allowed: bool) -> None:
    """Commit our lines of files that hold uncommitted changes of the person's, or refuse to."""
    consent = replace(desk.wishes.consent, dirty=allowed, staged=allowed)
    desk.wishes = replace(desk.wishes, consent=consent)


def ask_about_own_changes(desk: Desk) -> None:
    """Name the files with findings that hold uncommitted changes of the person's, and ask."""
    paths = {path for finding in desk.migration.findings() for path in finding.paths}
    dirty = desk.repository.uncommitted([*paths]) if desk.repository is not None else {}
    if not dirty:
        desk.console.say("No file with findings holds uncommitted changes of yours.")
        return
    desk.console.say(*(f"{shown(path)}: {state.value}" for path, state in dirty.items()))
    allow_own_changes(desk, desk.console.agreed("Commit only our lines of these files?"))


def writer_of(desk: Desk) -> SectionWriter:
    """Return what writes and commits, and asks line by line."""
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


def tell_failure(desk: Desk, error: WizardError | OSError) -> None:
    """Say what happened, what to do about it, and that all is as it was."""
    text = "\n".join([message_of(error), error.hint]) if isinstance(error, WizardError) else str(error)
    desk.console.say(*map(visible, text.split("\n")), *_indented(str(getattr(error, "output", ""))))
    rest = "Every other file" if isinstance(error, WizardError) and error.left else "Every file"
    desk.console.say(f"{rest} is as it was; the section stays ready.")


def draft_key(preview: Preview) -> str:
    """Return the name that a half-written message of a section is kept by."""
    return MESSAGE + preview.section.slug


def _reworded(desk: Desk, preview: Preview, message: str) -> str:
    try:
        return desk.edited(draft_key(preview), message, suffix=".txt") or message
    except NoEditor as error:
        desk.console.say(shown(str(error)))
        return message


def diff_of(files: Iterable[FileChange]) -> Iterable[str]:
    """Return changes as a unified diff, safe to show."""
    texts = (
        (change.path, open_source(change.path, change.before).text, open_source(change.path, change.after).text)
        for change in files
    )
    return map(visible, unified(texts))


def _indented(text: str) -> list[str]:
    return [f"  | {visible(line)}" for line in text.splitlines()]
