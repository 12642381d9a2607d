"""The commands of the plain prompt: one letter a line, with what it needs behind it."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec.structs import replace

from modal_transforms.core.model import Applicability, Choice, Finding
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.plain import commit, edit, history
from modal_wizard.plain.cursor import Desk
from modal_wizard.plain.format import diff_lines, overview, place, preview_lines, shown
from modal_wizard.reports.account import account
from modal_wizard.reports.markdown import as_markdown
from modal_wizard.review.judgement import no_choice
from modal_wizard.review.resume import welcome_back, where_you_were
from modal_wizard.review.safe import just_accepted, safe_findings
from modal_wizard.scan.look_alikes import look_alikes
from modal_wizard.session.log import Status, UndoStep
from modal_wizard.session.mute import mute, unmute
from modal_wizard.text.grammar import counted

HELP = """\
y or a     accept the change that is shown
1 to 9     show another of the choices; then y accepts it
s REASON   skip: leave it as it is; the reason may be left out
e          write the lines yourself, statement by statement, in your editor (as git finds it)
E          open your editor on the whole file; where there is nothing to apply, on the file itself
h          you changed it by hand: look at the files again
x          make it undecided again
u, r       undo and redo, without limit
A, A all   accept every safe finding left in the section; of all sections
S          skip all that is undecided in the section
M          mute the rule of the finding in every file, also for what is found later; or unmute it
n, p       next and previous finding, over the borders of sections
N          the next undecided finding that is broken now with what is installed, in any section
d N        the finding again, with N lines around the change
preview    everything that is accepted and not written yet, file by file
G          the address of the section in Modal's guide
c, C       commit the section; commit all finished sections, one after another
W          write the section's files without a commit
D          commit only our lines of files that hold uncommitted changes of yours, or not
Z          take a commit back by a new commit, or bring back what was written without one
P          raise the required version of modal, as a commit of its own
b NAME     make the commits on a new branch
o N        overview; with a number or a name, open that section
f, m       files that could not be read; the account so far, as Markdown
l          what only reads like old code and is left alone, and why
q          quit; every decision is kept
"""


class Prompt:
    """Reads commands and does them, until the person quits."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._commands: dict[str, Callable[[str], None]] = {
            "y": self._accept,
            "a": self._accept,
            "s": self._skip,
            "e": lambda _: edit.edit(self._desk),
            "E": lambda _: edit.edit_file(self._desk),
            "h": lambda _: edit.done_by_hand(self._desk),
            "x": self._forget,
            "u": self._undo,
            "r": self._redo,
            "A": self._accept_safe,
            "S": self._skip_rest,
            "M": self._mute,
            "n": lambda _: self._desk.step(True),
            "p": lambda _: self._desk.step(False),
            "N": lambda _: self._desk.broken(),
            "d": self._again,
            "c": lambda _: commit.commit_section(self._desk),
            "C": lambda _: history.commit_all(self._desk),
            "D": lambda _: commit.ask_about_own_changes(self._desk),
            "W": lambda _: commit.write_section(self._desk),
            "Z": lambda _: history.take_back(self._desk),
            "P": lambda _: commit.raise_pin(self._desk),
            "b": lambda name: commit.choose_branch(self._desk, name),
            "preview": lambda _: self._say(*preview_lines(self._desk.migration, self._desk.context)),
            "G": self._guide,
            "o": self._overview,
            "f": self._problems,
            "l": self._left_alone,
            "m": lambda _: self._say(as_markdown(account(self._desk.migration))),
            "?": lambda _: self._say(HELP),
        }

    def run(self) -> None:
        """Ask until the person quits; raises `Ended` at the end of the input."""
        desk = self._desk
        self._say("", *overview(desk.migration), "Type ? and enter for the commands.")
        at = where_you_were(desk.migration)
        if at is None:
            desk.advance()
        else:
            self._say(f"{welcome_back(desk.migration, at)}.")
            desk.go(at)
        warned = ""
        while True:
            if (reason := desk.migration.session.unkept) != warned:
                warned = reason
                self._say(f"From now on decisions are not kept: {shown(reason)}.")
            word, _, rest = desk.console.ask(self._prompt()).partition(" ")
            if word in {"q", "quit"}:
                return
            self._do(word, rest.strip())

    def _prompt(self) -> str:
        number, count = self._desk.number
        section = self._desk.section
        return f"section {section.label}, {number} of {count}>" if section and count else "modal-wizard>"

    def _do(self, word: str, rest: str) -> None:
        if word.isdecimal():
            self._choose(int(word))
        elif word in self._commands:
            self._commands[word](rest)
        elif word:
            self._say(f"There is no command {shown(word)}. ? lists them.")
        else:
            self._say("Nothing was done. y accepts, s skips, ? lists all commands.")

    def _say(self, *lines: str) -> None:
        self._desk.console.say(*lines)

    # --- deciding ------------------------------------------------------------------------------------------------

    def _finding(self) -> Finding | None:
        if self._desk.here is None:
            self._say("There is no finding here. o gives the overview.")
        return self._desk.here

    def _accept(self, _: str) -> None:
        desk, finding = self._desk, self._finding()
        if finding is None:
            return
        if proposed := desk.cursor.proposed(finding):
            self._accepted(finding, lambda: desk.migration.take(finding, proposed))
            return
        if not finding.choices:
            self._say("There is nothing to apply here. e writes the lines yourself, s leaves it.")
            return
        choice = finding.choice(desk.choice or finding.choices[0].key)
        values = {ask.key: self._value(choice, number) for number, ask in enumerate(choice.asks)}
        self._accepted(finding, lambda: desk.migration.accept(finding, choice.key, values))

    def _accepted(self, finding: Finding, act: Callable[[], None]) -> None:
        try:
            act()
        except CannotRewrite as error:
            self._say(f"Not accepted: {shown(str(error))}")
            return
        self._desk.cursor.look_away(finding)
        self._say(f"Accepted: {place(finding)}.")
        self._desk.onward()

    def _value(self, choice: Choice, number: int) -> str:
        """Ask for a value until it is one that may be written; an empty answer takes the default."""
        ask = choice.asks[number]
        while True:
            default = f" [{shown(ask.default)}]" if ask.default else ""
            answer = self._desk.console.ask(f"{shown(ask.prompt)}{default}:") or ask.default
            if re.fullmatch(ask.pattern, answer):
                return answer
            self._say(f"{shown(answer)} cannot be used here." if answer else "A value is needed.")

    def _choose(self, number: int) -> None:
        finding = self._finding()
        if finding is None:
            return
        if not 1 <= number <= len(finding.choices):
            self._say(no_choice(finding, number))
            return
        choice = finding.choices[number - 1]
        self._desk.cursor.look_at(finding, choice.key)
        self._say(f"Choice {number}: {shown(choice.label)}. Effect: {shown(choice.effect)}")
        decision = self._desk.migration.decision(finding)
        taken = decision.choice if decision.status is Status.ACCEPTED else ""
        keys = [each.key for each in finding.choices]
        other = taken in keys and taken != choice.key
        then = f"Accepted is {keys.index(taken) + 1}; y switches to {number}." if other else "y accepts it."
        self._say(*diff_lines(self._desk.migration, finding, choice.key, self._desk.context), then)

    def _skip(self, reason: str) -> None:
        if (finding := self._finding()) is not None:
            proposed = self._desk.cursor.proposals.skipped(finding)
            self._desk.migration.take(finding, replace(proposed, reason=reason or proposed.reason))
            self._say(f"Skipped: {place(finding)}.")
            self._desk.onward()

    def _forget(self, _: str) -> None:
        if (finding := self._finding()) is not None:
            self._desk.migration.forget(finding)
            self._say(f"Undecided: {place(finding)}.")

    def _accept_safe(self, which: str) -> None:
        desk = self._desk
        if which == "all":
            safe_findings(desk.migration, desk.cursor.proposals).accept(desk.migration)
            self._say(f"{just_accepted(desk.migration)}; u takes it back.")
            desk.advance()
            return
        kind, proposed = Applicability.SAFE, desk.cursor.proposals.of
        safe = [each for each in desk.cursor.undecided() if each.applicability is kind and not proposed(each)]
        name = desk.section.title if desk.section else ""
        refused = desk.migration.accept_all(safe, f"accept all safe of {name}")
        for refusal in refused:
            self._say(f"{place(refusal.finding)} stays undecided: {shown(refusal.reason)}")
        self._say(f"{counted(len(safe) - len(refused), 'finding')} accepted in one step; u takes it back.")
        desk.onward()

    def _skip_rest(self, _: str) -> None:
        rest = self._desk.cursor.undecided()
        self._desk.migration.skip(rest)
        self._say(f"{counted(len(rest), 'finding')} skipped in one step; u takes it back.")
        self._desk.onward()

    def _mute(self, _: str) -> None:
        if (finding := self._finding()) is None:
            return
        migration = self._desk.migration
        on = finding.rule not in migration.session.muted
        (mute if on else unmute)(migration.session, finding.rule, migration.findings())
        later = ": what is found of it now and later is skipped" if on else " any more"
        self._say(f"Rule {finding.rule} is {'' if on else 'not '}muted{later}; u takes it back.")
        if on:
            self._desk.onward()

    def _undo(self, _: str) -> None:
        session = self._desk.migration.session
        self._told("Undone", session.undo() if session.can_undo else None)

    def _redo(self, _: str) -> None:
        self._told("Done again", self._desk.migration.session.redo())

    def _told(self, verb: str, step: UndoStep | None) -> None:
        if step is None:
            self._say("There is nothing to take back or to do again that is not written already.")
            return
        self._say(f"{verb}: {shown(step.label)}.")
        touched = {identity for identity, _ in step.decisions}
        found = next((finding for finding in self._desk.migration.findings() if finding.id in touched), None)
        if found is not None:
            self._desk.go(found)

    # --- looking -------------------------------------------------------------------------------------------------

    def _again(self, lines: str) -> None:
        if lines.isdecimal():
            self._desk.context = min(int(lines), 1000)
        if self._finding() is not None:
            self._desk.show()

    def _guide(self, _: str) -> None:
        section = self._desk.section
        self._say(section.link if section else "No section is open; o and a number opens one.")

    def _overview(self, number: str) -> None:
        if not number:
            self._say(*overview(self._desk.migration), "o and a number opens a section.")
            return
        wanted = [section for section in self._desk.migration.sections if number in {str(section.number), section.slug}]
        if wanted:
            self._desk.open(wanted[0])
        else:
            self._say(f"There is no section {shown(number)}.")

    def _problems(self, _: str) -> None:
        problems = self._desk.migration.problems
        self._say(*(f"{shown(problem.path)}: {shown(problem.message)}" for problem in problems))
        if not problems:
            self._say("Every file could be read.")

    def _left_alone(self, _: str) -> None:
        found = list(look_alikes(self._desk.migration.scanned))
        for each in found:
            where = f"{shown(each.site.path)}, line {each.site.label}"
            self._say(f"{where}: {shown(each.site.text)}: {shown(each.reason)} ({each.section}).")
        if not found:
            self._say("Nothing else reads like old Modal code.")
