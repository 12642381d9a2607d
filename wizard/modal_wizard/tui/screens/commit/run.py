"""The commit itself, as the commit screen has it made: in a thread, or with the terminal lent to git."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from functools import partial
from typing import TYPE_CHECKING

from modal_transforms.core.model import Section
from modal_wizard.migration.open import head_summary
from modal_wizard.migration.preview import Preview
from modal_wizard.migration.write import commit
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.dialogs.confirm import Question

if TYPE_CHECKING:
    from modal_wizard.git.failures import CommitFailed
    from modal_wizard.tui.host import Host

Hooks = Callable[["CommitFailed"], bool]
Say = Callable[[str], None]
LENT = "The commit is being made. What signs it or a hook may ask here; ctrl+c ends the commit."
NOT_LENT = "This terminal cannot be lent; a commit that asks for something will fail."


def finished(app: Host) -> list[Section]:
    """Return the sections in which everything is decided and something waits to be committed."""
    return [section for section in app.migration.sections if app.migration.tally(section.slug).is_ready]


def all_question(app: Host, sections: Sequence[Section]) -> Question:
    """Return the question whether to commit sections, with what each commit is."""
    lines = []
    for section in sections:
        tally = app.migration.tally(section.slug)
        counts = f"{tally.accepted} accepted, {tally.edited} edited, {tally.skipped} skipped"
        lines.append(f"{section.number:>2}  Modal 1.0: {section.subject}\n      {counts}")
    many = f"{len(sections)} finished sections, a commit each" if len(sections) > 1 else "the finished section"
    return Question(f"Commit {many}?", "\n".join(lines))


def make(app: Host, preview: Preview, message: str, hooks: Hooks, say: Say | None = None) -> str:
    """Make the commit and return what to tell of it; raises `WizardError` or `OSError`, nothing is changed then."""
    check = app.wishes.check
    if app.repository is None:
        return ""
    runs = partial(check.run, app.migration.scope.root, preview.files, say) if check else None
    made = commit(app.migration, app.repository, preview, message, app.consent, hooks, branch=app.branch, check=runs)
    app.head_text = head_summary(app.repository)
    words = f"Committed {made.short}: {preview.section.subject}" if made.sha else "Written; no file is in git."
    left = ", ".join(visible(path) for path in made.left_uncommitted)
    words += f" · {check.result}" if check else ""
    return f"{words} Not in git: {left}." if left else words


def ask_on_screen(app: Host, failed: CommitFailed) -> bool:
    """Ask, from a thread, whether to commit the files as a hook rewrote them."""
    answer: Future[bool] = Future()
    question = Question(_rewritten(failed), failed.output)
    app.call_from_thread(app.push_screen, question, lambda said: answer.set_result(bool(said)))
    while not answer.done() and app.is_running:
        wait([answer], timeout=0.1)
    return answer.done() and answer.result()


def ask_plainly(failed: CommitFailed) -> bool:
    """Ask the same where the terminal is lent; anything but a yes is a no."""
    print("\n".join(visible(line, "    ") for line in failed.output.splitlines()))
    try:
        return input(f"{_rewritten(failed)} [y/n] ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False


def _rewritten(failed: CommitFailed) -> str:
    files = ", ".join(visible(path) for path in failed.rewritten)
    return f"A hook rewrote {files} and refused. Commit them as the hook left them?"
