"""Several commits at once, and commits taken back, asked line by line."""

from __future__ import annotations

from modal_wizard.errors import WizardError
from modal_wizard.migration.commit_message import commit_message
from modal_wizard.plain.commit import commit_preview, diff_of, draft_key, tell_failure, writer_of
from modal_wizard.plain.cursor import Desk
from modal_wizard.plain.format import shown
from modal_wizard.reports.account import REQUIRED, titles_of
from modal_wizard.session.decisions import PinsRaised, SectionWritten
from modal_wizard.text.grammar import counted, decided


def commit_all(desk: Desk) -> None:
    """List the finished sections, ask once, and commit them one after another; a failure stops it."""
    sections = desk.migration.ready_sections() if desk.repository is not None else []
    if not sections:
        desk.console.say("No section is finished." if desk.repository else "There is no git repository.")
        return
    for section in sections:
        tally = desk.migration.tally(section.slug)
        counts = decided(tally.accepted, tally.edited, tally.skipped)
        desk.console.say(f"Section {section.label}: {section.subject} ({counts})")
    if not desk.console.agreed(f"Commit {counted(len(sections), 'section')}, a commit each?"):
        desk.console.say("Nothing was committed.")
        return
    for number, section in enumerate(sections, start=1):
        desk.console.say(f"{number} of {len(sections)}")
        preview = desk.migration.preview(section)
        message = desk.drafts.find(draft_key(preview)) or commit_message(preview)
        if not commit_preview(desk, preview, message):
            return
    desk.advance()


def take_back(desk: Desk) -> None:
    """List what can be taken back, ask which, show the change, and reverse it: a commit by a new commit."""
    known = _known(desk)
    if not known:
        desk.console.say("There is nothing to take back.")
        return
    for number, (_, name) in enumerate(known, start=1):
        desk.console.say(f"{number}. {name}")
    answer = desk.console.ask("Which one to take back, by its number (nothing for none):")
    if not answer.isdecimal() or not 1 <= int(answer) <= len(known):
        desk.console.say("Nothing was taken back.")
        return
    try:
        _back(desk, known[int(answer) - 1][0])
    except (WizardError, OSError) as error:
        tell_failure(desk, error)


def _known(desk: Desk) -> list[tuple[SectionWritten | PinsRaised | None, str]]:
    session, titles = desk.migration.session, titles_of(desk.migration)
    order = {commit: number for number, commit in enumerate(session.commits)}
    made: list[SectionWritten | PinsRaised] = [*session.landings, *session.raised]
    commits = sorted((one for one in made if one.commit), key=lambda one: -order[one.commit])
    names = [titles.get(one.section, one.section) if isinstance(one, SectionWritten) else REQUIRED for one in commits]
    known: list[tuple[SectionWritten | PinsRaised | None, str]] = [
        (one, f"{one.commit[:7]} {shown(name)}") for one, name in zip(commits, names, strict=True)
    ]
    loose = any(not landing.commit for landing in session.landings)
    return [*known, *[(None, "What was written without a commit, all of it")] * loose]


def _back(desk: Desk, taken: SectionWritten | PinsRaised | None) -> None:
    writer = writer_of(desk)
    if taken is None:
        files = writer.loose()
        stays = ["These commits stay:", *files.stays] if files.stays else []
        desk.console.say(*diff_of(files.changes), *stays)
        if desk.console.agreed(f"Bring {counted(len(files.changes), 'file')} back as before?"):
            writer.bring_back(files)
            desk.console.say(f"{counted(len(files.changes), 'file')} brought back; the findings are open again.")
        return
    desk.console.say(*diff_of(writer.check_back(taken)))
    if desk.console.agreed(f"Take {taken.commit[:7]} back in a new commit?"):
        made = writer.take_back(taken)
        desk.console.say(f"{taken.commit[:7]} is taken back, commit {made.short}; its findings are open again.")
