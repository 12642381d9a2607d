"""Deciding many findings at once, each time as one step of undo; what a person should see is asked about first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from textual.worker import get_current_worker

from modal_transforms.core.model import Applicability, Finding, Section
from modal_wizard.migration.migration import Migration
from modal_wizard.migration.preview import NotApplicable
from modal_wizard.review.cursor import ReviewCursor
from modal_wizard.review.similarity import differing_first
from modal_wizard.session.decisions import Decision
from modal_wizard.session.mute import is_muted, mute, unmute
from modal_wizard.text.grammar import counted, in_one_step
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.base import WizardScreen
from modal_wizard.tui.dialogs.choose import Menu, MenuItem
from modal_wizard.tui.dialogs.confirm import Question
from modal_wizard.tui.widgets.fit import shortened

MANY = 40
"""More places than this are counted, not listed."""
PATH = 44
"""So many cells of a path are shown."""
FEW = 4
"""Changes of more files than this are checked aside."""


class BulkGroup(Struct, frozen=True):
    """Undecided findings that can be decided together."""

    key: str
    name: str
    findings: tuple[Finding, ...]
    """Those of another shape than the one under the cursor first."""
    differing: int

    @property
    def words(self) -> str:
        """How many there are, and how many of them look different."""
        if len(self.findings) == 1:
            return f"the one left of {self.name}"
        if not self.differing:
            return f"all {len(self.findings):,} left of {self.name}, all the same rewrite"
        other = "is another rewrite" if self.differing == 1 else "are another rewrite"
        return f"all {len(self.findings):,} left of {self.name} (≠: {self.differing:,} {other})"

    @property
    def places(self) -> tuple[str, ...]:
        """The findings, line by line."""
        lines = [
            f"{'≠' if index < self.differing else ' '} {finding.applicability.value:<6} "
            f"{shortened(finding.site.path, PATH)}:{finding.site.line}  {_first_line(finding)}"
            for index, finding in enumerate(self.findings[:MANY])
        ]
        more = len(self.findings) - MANY
        return (*lines, f"  and {more:,} more") if more > 0 else tuple(lines)


class BulkActions:
    """Accepts, skips and mutes the rest of a rule, a file, a section."""

    def __init__(self, section: Section, cursor: ReviewCursor, screen: WizardScreen) -> None:
        self._section, self._cursor, self._screen = section, cursor, screen
        self._said = ""
        self.checking = False
        """Whether many changes are being checked, so that nothing may be decided."""

    @property
    def _migration(self) -> Migration:
        return self._cursor.migration

    def _all(self) -> list[Finding]:
        return self._migration.findings(self._section.slug)

    def move_on(self, following: Finding | None) -> None:
        """Show what was decided, and go on to a finding."""
        self._screen.wizard.show_all()
        self._cursor.findings.go(following)

    # --- what can be decided together ----------------------------------------------------------------------------

    def groups(self, here: Finding, rest: Sequence[Finding]) -> Iterator[BulkGroup]:
        """Yield what is left, of all that is undecided, of the rule, the file and the section of a finding."""
        ordered, differing = differing_first(rest, here)
        unlike, alike = ordered[:differing], ordered[differing:]
        rule, path = here.rule, here.site.path
        kinds: list[tuple[str, str, list[Finding], list[Finding]]] = [
            ("rule", f"rule {rule}", [f for f in unlike if f.rule == rule], [f for f in alike if f.rule == rule]),
            (
                "file",
                shortened(path, PATH),
                [f for f in unlike if f.sites[0].path == path],
                [f for f in alike if f.sites[0].path == path],
            ),
            ("section", "this section", unlike, alike),
        ]
        for key, name, first, others in kinds:
            if first or others:
                yield BulkGroup(key, name, (*first, *others), len(first))

    def ask_rest(self, filtered: bool) -> None:
        """Ask what to do with the rest; ``filtered`` says that it is not all of it."""
        here = self._cursor.here
        if here is None:
            return
        rest = self._cursor.undecided()
        groups = {group.key: group for group in self.groups(here, rest)}
        proposed = self._cursor.proposals.among(rest)
        items = [self._taking([finding for finding, _ in proposed])] if proposed else []
        items += [MenuItem(f"accept {key}", f"accept {group.words}", group.places) for key, group in groups.items()]
        items += [MenuItem(f"skip {key}", f"skip {group.words}", group.places) for key, group in groups.items()]
        items.append(self._muting(here.rule))

        def picked(key: str | None) -> None:
            if key in {"mute", "unmute"}:
                self._mute(here, key == "mute")
            elif key == "proposed":
                self._take(proposed)
            elif key:
                verb, name = key.split(" ")
                group = groups[name]
                self._accept_group(group) if verb == "accept" else self.skip(group.findings)

        self._screen.app.push_screen(Menu("many at once" + (", of what is shown" if filtered else ""), items), picked)

    def _taking(self, findings: Sequence[Finding]) -> MenuItem:
        places = BulkGroup("", "", tuple(findings), 0).places
        return MenuItem("proposed", f"decide {len(findings):,} as is proposed", places)

    def _muting(self, rule: str) -> MenuItem:
        """Return the entry that mutes a rule in every file, or takes that back."""
        migration = self._migration
        own = [finding for finding in migration.findings() if finding.rule == rule]
        if rule in migration.session.muted:
            muted = tuple(finding for finding in own if is_muted(migration.session, finding))
            said = f"unmute rule {rule}: {counted(len(muted), 'finding')} undecided again"
            return MenuItem("unmute", said, BulkGroup("", "", muted, 0).places)
        left = tuple(self._cursor.undecided(own))
        said = f"mute rule {rule}: skip {_all(len(left))}, and what is found later"
        return MenuItem("mute", said, BulkGroup("", "", left, 0).places)

    def _mute(self, here: Finding, on: bool) -> None:
        migration = self._migration
        following = self._cursor.next_undecided([finding for finding in self._all() if finding.rule == here.rule])
        (mute if on else unmute)(migration.session, here.rule, migration.findings())
        self.move_on(following if on else here)
        self._screen.wizard.tell(f"Rule {here.rule} is {'muted' if on else 'not muted any more'}; u takes it back.")

    def _take(self, proposed: Sequence[tuple[Finding, Decision]]) -> None:
        following = self._cursor.next_undecided([finding for finding, _ in proposed])
        refused = self._migration.decide(proposed, f"decide {len(proposed)} as is proposed")
        self.move_on(following)
        done = len(proposed) - len(refused)
        self._screen.wizard.tell(in_one_step(done, "decided as proposed"))
        self._tell_refused(refused)

    # --- accepting -----------------------------------------------------------------------------------------------

    def accept_safe(self) -> None:
        """Accept every safe finding that is left in sight and has no proposal of its own, as one step."""
        kind, proposed = Applicability.SAFE, self._cursor.proposals.of
        safe = [each for each in self._cursor.undecided() if each.applicability is kind and not proposed(each)]
        if not safe:
            self._screen.wizard.tell("What is left has proposals; R takes them all.")
            return
        self._accept(safe, f"accept all safe of {self._section.title}")

    def _accept_group(self, group: BulkGroup) -> None:
        able = [finding for finding in group.findings if finding.choices]
        risky = [finding for finding in able if finding.applicability is Applicability.REVIEW]
        if not risky:
            self._accept(able, f"accept {group.words}")
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._accept(able, f"accept {group.words}")

        every = "All" if len(risky) == len(able) else f"{len(risky):,} of them"
        those = f"{every} are for review: a person should look at each." if len(able) > 1 else "It is for review."
        question = f"Accept {group.words}? {those}"
        self._screen.app.push_screen(Question(question, "\n".join(group.places)), answered)

    def _accept(self, findings: Sequence[Finding], label: str) -> None:
        if not _many_files(findings):
            self._accepted(findings, label, self._migration.refusals(findings))
            return
        self.checking = True
        self._screen.offer_keys()
        self._said = f"Checking {counted(len(findings), 'change')} together; esc ends it…"
        self._screen.wizard.tell(self._said)
        self._screen.run_worker(lambda: self._check(findings, label), thread=True, exclusive=True, group="checking")

    def _check(self, findings: Sequence[Finding], label: str) -> None:
        """Find out, in a thread, which changes cannot be made together; nothing is decided meanwhile."""
        refused = self._migration.refusals(findings)
        if not get_current_worker().is_cancelled:
            self._screen.app.call_from_thread(self._accepted, findings, label, refused)

    def end_check(self) -> None:
        """End what is checked; nothing is accepted."""
        self._screen.workers.cancel_group(self._screen, "checking")
        self._ended()
        self._screen.offer_keys()
        self._screen.wizard.tell("Ended, as you asked; nothing was accepted.")

    def _ended(self) -> None:
        self.checking = False
        self._screen.wizard.telling.forget(self._said)

    def _accepted(self, findings: Sequence[Finding], label: str, refused: Sequence[NotApplicable]) -> None:
        self._ended()
        following = self._cursor.next_undecided(findings)
        self._migration.accept_checked(findings, refused, label)
        self.move_on(following)
        left = self._cursor.undecided(self._all())
        self._screen.wizard.tell(in_one_step(len(findings) - len(refused), "accepted", len(left)))
        self._tell_refused(refused)

    def _tell_refused(self, refused: Sequence[NotApplicable]) -> None:
        tell = self._screen.wizard.tell
        for refusal in refused[:3]:
            site = refusal.finding.site
            tell(f"{visible(site.path)}:{site.line} stays undecided: {visible(refusal.reason)}", bad=True)
        if len(refused) > 3:
            tell(f"{len(refused) - 3:,} more stay undecided.", bad=True)

    # --- skipping ------------------------------------------------------------------------------------------------

    def skip(self, findings: Sequence[Finding]) -> None:
        """Skip findings, as one step."""
        left = self._cursor.remaining().pending > len(findings)
        following = self._cursor.next_undecided(findings) if left else None
        self._migration.skip(findings)
        self.move_on(following)
        self._screen.wizard.tell(in_one_step(len(findings), "skipped"))


def _first_line(finding: Finding) -> str:
    return finding.site.text.strip().split("\n")[0][:80]


def _many_files(findings: Iterable[Finding]) -> bool:
    paths: set[str] = set()
    for finding in findings:
        paths.update(finding.paths)
        if len(paths) > FEW:
            return True
    return False


def _all(count: int) -> str:
    return f"all {count:,} of it" if count > 1 else "it"
