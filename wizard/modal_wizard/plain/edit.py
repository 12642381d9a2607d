"""Write the lines of a finding by hand, in the person's own editor; a bad edit keeps the text."""

from __future__ import annotations

from msgspec.structs import replace

from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.plain.cursor import Desk
from modal_wizard.plain.format import place, shown
from modal_wizard.process.editor import NoEditor
from modal_wizard.text.line_ends import with_line_ends


def edit(desk: Desk) -> None:
    """Open the editor on the lines after the rewrite, check what comes back, and take it."""
    finding = desk.here
    if finding is None:
        desk.console.say("There is no finding here.")
        return
    choice = desk.choice or (finding.choices[0].key if finding.choices else "")
    try:
        typed, about = desk.migration.editable(finding, choice)
    except CannotRewrite as error:
        desk.console.say(f"This change cannot be made: {shown(str(error))}")
        return
    before = typed.text.replace("\r\n", "\n").replace("\r", "\n")
    earlier = desk.drafts.find(finding.id, about)
    if earlier:
        desk.console.say("The editor has what you had typed and not taken.")
    try:
        text = desk.edited(finding.id, earlier + "\n" * before.endswith("\n") if earlier else before, about)
    except NoEditor as error:
        desk.console.say(shown(str(error)))
        return
    newline = desk.migration.source(typed.path).newline
    try:
        desk.migration.edit(finding, replace(typed, text=with_line_ends(typed.text, text, newline)), choice)
    except CannotRewrite as error:
        desk.console.say(f"Not taken: {shown(str(error))}", "Your text is kept: e goes on with it.")
        return
    desk.drafts.drop(finding.id)
    desk.cursor.look_away(finding)
    desk.console.say(f"Taken as edited: {place(finding)}.")
    desk.onward()
