"""Write the lines of a finding by hand, in the person's own editor; a bad edit keeps the text."""

from __future__ import annotations

from msgspec.structs import replace

from modal_transforms.core.model import Finding
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.migration.parts import editable_parts, trimmed
from modal_wizard.plain.cursor import Desk
from modal_wizard.plain.format import place, shown
from modal_wizard.process.editor import NoEditor, open_file
from modal_wizard.review.by_hand import as_edit, look_again, to_edit
from modal_wizard.session.decisions import ManualEdit
from modal_wizard.session.drafts import part_key
from modal_wizard.text.line_ends import with_line_ends


def edit(desk: Desk) -> None:
    """Open the editor on each part of the change after another, check what comes back, and take it."""
    finding = desk.here
    if finding is None:
        desk.console.say("There is no finding here.")
        return
    choice = _choice(desk, finding)
    try:
        parts = editable_parts(desk.migration, finding, choice)
        typed = [_typed(desk, finding, number, *part) for number, part in enumerate(parts)]
    except CannotRewrite as error:
        desk.console.say(f"This change cannot be made: {shown(str(error))}")
    except NoEditor as error:
        desk.console.say(shown(str(error)))
    else:
        _take(desk, finding, choice, typed, [part_key(finding.id, number) for number in range(len(parts))])


def edit_file(desk: Desk) -> None:
    """Open the editor on the whole file: after the change, or itself where there is nothing to apply."""
    finding = desk.here
    if finding is None:
        desk.console.say("There is no finding here.")
        return
    if not finding.choices:
        _open_itself(desk, finding)
        return
    choice, key = _choice(desk, finding), f"{finding.id} file"
    try:
        text, line = to_edit(desk.migration, finding, choice)
        saved = desk.edited(key, text, text, line=line)
        typed = as_edit(desk.migration, finding, saved)
    except (CannotRewrite, NoEditor) as error:
        desk.console.say(f"Not taken: {shown(str(error))}")
    else:
        _take(desk, finding, choice, [typed], [key])


def done_by_hand(desk: Desk) -> None:
    """Look at the files again, and tell whether the finding is done."""
    finding = desk.here
    if finding is None or finding.choices:
        desk.console.say("h is for what has to be done by hand.")
        return
    desk.console.say(shown(look_again(desk.migration, finding).words))
    desk.onward()


def _open_itself(desk: Desk, finding: Finding) -> None:
    root = desk.migration.scope.root
    try:
        open_file(root / finding.site.path, finding.site.text_lines[0], root=root)
    except NoEditor as error:
        desk.console.say(shown(str(error)))
    else:
        done_by_hand(desk)


def _choice(desk: Desk, finding: Finding) -> str:
    return desk.choice or (finding.choices[0].key if finding.choices else "")


def _typed(desk: Desk, finding: Finding, number: int, part: ManualEdit, about: str) -> ManualEdit:
    """Return a part as the person's editor left it; raises `NoEditor`."""
    before = part.text.replace("\r\n", "\n").replace("\r", "\n")
    earlier = desk.drafts.find(part_key(finding.id, number), about)
    if earlier:
        desk.console.say("The editor has what you had typed and not taken.")
    if number:
        desk.console.say(f"The next part: {shown(part.path)}.")
    text = desk.edited(
        part_key(finding.id, number), earlier + "\n" * before.endswith("\n") if earlier else before, about
    )
    source = desk.migration.source(part.path)
    return trimmed(source, finding, replace(part, text=with_line_ends(part.text, text, source.newline)))


def _take(desk: Desk, finding: Finding, choice: str, typed: list[ManualEdit], drafts: list[str]) -> None:
    try:
        desk.migration.edit(finding, typed[0], choice, tuple(typed[1:]))
    except CannotRewrite as error:
        desk.console.say(f"Not taken: {shown(str(error))}", "Your text is kept: e goes on with it.")
        return
    for key in drafts:
        desk.drafts.drop(key)
    desk.cursor.look_away(finding)
    desk.console.say(f"Taken as edited: {place(finding)}.")
    desk.onward()
