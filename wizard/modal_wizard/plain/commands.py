"""The commands of the plain prompt: one letter a line, with what it needs behind it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from modal_transforms.core.model import Applicability, Choice, Finding
from modal_transforms.rewrite.rewrite import CannotRewrite
from modal_wizard.config.commands import COMMANDS, keys_by_command
from modal_wizard.migration.values import not_a_value
from modal_wizard.plain import commit, edit, history, look, rest
from modal_wizard.plain.cursor import Desk
from modal_wizard.plain.format import diff_lines, overview, place, preview_lines, shown
from modal_wizard.plain.help import help_lines, unknown
from modal_wizard.reports.account import account
from modal_wizard.reports.markdown import as_markdown
from modal_wizard.review.judgement import no_choice
from modal_wizard.review.onward import welcome_back, where_you_were
from modal_wizard.review.safe import just_accepted, safe_findings
from modal_wizard.session.decisions import Status, UndoStep
from modal_wizard.text.grammar import in_one_step


class Prompt:
    """Reads commands and does them, until the person quits."""

    def __init__(self, desk: Desk, own: Mapping[str, str]) -> None:
        """Take the person's ``own`` keys by command, as the settings give them."""
        self._desk = desk
        self._keys = keys_by_command(own)
        self._commands = self._named()
        self._letters = {key: act for name, act in self._commands.items() for key in self._keys[name]}

    def _named(self) -> dict[str, Callable[[str], None]]:
        """What each command does with the words behind it."""
        return {
            "accept": self._accept,
            "skip": self._skip,
            "skip-because": self._skip_because,
            "edit": lambda _: edit.edit(self._desk),
            "editor": lambda _: edit.edit_file(self._desk),
            "by-hand": lambda _: edit.done_by_hand(self._desk),
            "clear": self._forget,
            "undo": self._undo,
            "redo": self._redo,
            "next": self._next,
            "down": lambda _: self._desk.step(True),
            "up": lambda _: self._desk.step(False),
            "go-to": lambda words: look.find(self._desk, words),
            "overview": self._overview,
            "search": lambda words: look.find(self._desk, words),
            "more-lines": lambda lines: look.more_lines(self._desk, lines),
            "fewer-lines": lambda _: look.fewer_lines(self._desk),
            "whole-file": lambda _: look.whole(self._desk),
            "preview": lambda _: self._say(*preview_lines(self._desk.migration, self._desk.context)),
            "guide": lambda _: look.guide(self._desk),
            "look-alikes": lambda _: look.alike(self._desk),
            "not-read": lambda _: look.problems(self._desk),
            "safe": self._accept_safe,
            "rest": lambda _: rest.skip(self._desk, self._desk.cursor.undecided()),
            "many": lambda _: rest.many_at_once(self._desk),
            "commit": lambda _: commit.commit_section(self._desk),
            "commit-all": lambda _: history.commit_all(self._desk),
            "write": lambda _: commit.write_section(self._desk),
            "branch": lambda name: commit.choose_branch(self._desk, name),
            "own-lines": lambda _: commit.ask_about_own_changes(self._desk),
            "pin": lambda _: commit.raise_pin(self._desk),
            "take-back": lambda _: history.take_back(self._desk),
            "summary": lambda _: self._say(as_markdown(account(self._desk.migration))),
            "verify": lambda _: look.verify(self._desk),
            "help": lambda _: self._say(*help_lines(self._keys)),
        }

    def run(self) -> None:
        """Ask until the person quits; raises `EndOfInput` at the end of the input."""
        desk = self._desk
        self._say("", *overview(desk.migration), f"Type {self._keys['help'][0]} and enter for the commands.")
        at = where_you_were(desk.migration)
        if at is None:
            desk.undecided()
        else:
            self._say(f"{welcome_back(desk.migration, at)}.")
            desk.go(at)
        warned = ""
        while True:
            if (reason := desk.migration.session.unkept) != warned:
                warned = reason
                self._say(f"From now on decisions are not kept: {shown(reason)}.")
            word, _, more = desk.console.ask(self._prompt()).partition(" ")
            if word in {*self._keys["quit"], "quit"}:
                return
            self._do(word, more.strip())

    def _prompt(self) -> str:
        number, count = self._desk.number
        section = self._desk.section
        return f"section {section.label}, {number} of {count}>" if section and count else "modal-wizard>"

    def _do(self, word: str, more: str) -> None:
        if word.isdecimal():
            self._choose(int(word))
        elif word in self._letters:
            self._letters[word](more)
        elif word:
            self._say(unknown(shown(word), self._commands))
        else:
            self._say("Nothing was done. a accepts, s skips, ? lists all commands.")

    def _say(self, *lines: str) -> None:
        self._desk.console.say(*lines)

    # --- deciding ------------------------------------------------------------------------------------------------

    def _finding(self) -> Finding | None:
        if self._desk.here is None:
            self._say("There is no finding here; o gives the overview.")
        return self._desk.here

    def _accept(self, _: str) -> None:
        desk, finding = self._desk, self._finding()
        if finding is None:
            return
        if proposed := desk.cursor.proposed(finding):
            self._accepted(finding, lambda: desk.migration.take(finding, proposed))
            return
        if not finding.choices:
            self._say(COMMANDS["accept"].silent)
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
            self._say(shown(not_a_value(ask, answer)))

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
        then = f"Accepted is {keys.index(taken) + 1}; a switches to {number}." if other else "a accepts it."
        self._say(*diff_lines(self._desk.migration, finding, choice.key, self._desk.context), then)

    def _skip(self, reason: str) -> None:
        if (finding := self._finding()) is not None:
            proposed = self._desk.cursor.proposals.skipped(finding)
            self._desk.migration.take(finding, replace(proposed, reason=reason or proposed.reason))
            self._say(f"Skipped: {place(finding)}.")
            self._desk.onward()

    def _skip_because(self, reason: str) -> None:
        if self._finding() is not None:
            self._skip(reason or self._desk.console.ask("Why is this skipped? (it may be left empty):"))

    def _forget(self, _: str) -> None:
        if (finding := self._finding()) is not None:
            self._desk.migration.forget(finding)
            self._say(f"Undecided: {place(finding)}.")

    def _accept_safe(self, which: str) -> None:
        desk = self._desk
        if which == "all":
            found = safe_findings(desk.migration, desk.cursor.proposals)
            found.accept(desk.migration)
            done = len(found.findings) > len(found.refused)
            self._say(f"{just_accepted(desk.migration)}; u takes it back." if done else in_one_step(0, "accepted"))
            desk.undecided()
            return
        kind, proposed = Applicability.SAFE, desk.cursor.proposals.of
        safe = [each for each in desk.cursor.undecided() if each.applicability is kind and not proposed(each)]
        name = desk.section.title if desk.section else ""
        rest.accept(desk, safe, f"accept all safe of {name}")

    def _undo(self, _: str) -> None:
        session = self._desk.migration.session
        self._told("Undone", session.undo() if session.can_undo else None)

    def _redo(self, _: str) -> None:
        self._told("Done again", self._desk.migration.session.redo())

    def _told(self, verb: str, step: UndoStep | None) -> None:
        if step is None:
            self._say("There is nothing to take back or to do again; Z takes back what is written.")
            return
        self._say(f"{verb}: {shown(step.label)}.")
        touched = {identity for identity, _ in step.decisions}
        found = next((finding for finding in self._desk.migration.findings() if finding.id in touched), None)
        if found is not None:
            self._desk.go(found)

    # --- going ---------------------------------------------------------------------------------------------------

    def _next(self, which: str) -> None:
        if which == "now":
            self._desk.broken()
        else:
            self._desk.undecided()

    def _overview(self, number: str) -> None:
        if not number:
            self._say(*overview(self._desk.migration), "o and a number opens a section.")
            return
        wanted = [section for section in self._desk.migration.sections if number in {str(section.number), section.slug}]
        if wanted:
            self._desk.open(wanted[0])
        else:
            self._say(f"There is no section {shown(number)}; o lists them.")
