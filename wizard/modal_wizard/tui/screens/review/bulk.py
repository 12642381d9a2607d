"""Deciding many findings at once, each time as one step of undo; what a person should see is asked about first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from textual.worker import get_current_worker

from modal_transforms.core.model import Applicability, Finding
from modal_wizard.migration.preview import NotApplicable
from modal_wizard.review.similarity import differing_first
from modal_wizard.session.log import PENDING, Status
from modal_wizard.session.mute import is_muted, mute, unmute
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible
from modal_wizard.tui.dialogs.choose import Item, Menu, Typing
from modal_wizard.tui.dialogs.confirm import Question
from modal_wizard.tui.screens.review.filtering import ReviewFilter

MANY = 40
"""More places than this are counted, not listed."""
FEW = 4
"""Changes of more files than this are checked aside."""


@dataclass(frozen=True, slots=True)
class Group:
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
            return f"the last one of {self.name}"
        if not self.differing:
            return f"the remaining {len(self.findings)} of {self.name}, all of the same shape"
        differ = "differs" if self.differing == 1 else "differ"
        return f"the remaining {len(self.findings)} of {self.name} ({self.differing} {differ}, shown first)"

    @property
    def places(self) -> tuple[str, ...]:
        """The findings, line by line."""
        lines = [
            f"{'≠' if index < self.differing else ' '} {finding.applicability.value:<6} "
            f"{finding.site.path}:{finding.site.line}  {_first_line(finding)}"
            for index, finding in enumerate(self.findings[:MANY])
        ]
        more = len(self.findings) - MANY
        return (*lines, f"  and {more} more") if more > 0 else tuple(lines)


class ReviewBulk(ReviewFilter):
    """Accepts and skips the rest of a rule, a file, a section."""

    checking = False
    """Whether many changes are being checked, so that nothing may be decided."""

    def rest(self) -> list[Finding]:
        """Return the undecided findings in sight."""
        return self._undecided(self.findings.order)

    def _undecided(self, findings: Iterable[Finding]) -> list[Finding]:
        pending = Status.PENDING
        known = self.wizard.migration.session.latest.get
        return [finding for finding in findings if known(finding.id, PENDING).status is pending]

    def groups(self) -> Iterator[Group]:
        """Yield what is left of the rule, the file and the section under the cursor."""
        here, rest = self.here, self.rest()
        if here is None:
            return
        ordered, differing = differing_first(rest, here)
        unlike, alike = ordered[:differing], ordered[differing:]
        rule, path = here.rule, here.site.path
        kinds: list[tuple[str, str, list[Finding], list[Finding]]] = [
            ("rule", f"rule {rule}", [f for f in unlike if f.rule == rule], [f for f in alike if f.rule == rule]),
            ("file", path, [f for f in unlike if f.site.path == path], [f for f in alike if f.site.path == path]),
            ("section", "this section", unlike, alike),
        ]
        for key, name, first, others in kinds:
            if first or others:
                yield Group(key, name, (*first, *others), len(first))

    def action_rest(self) -> None:
        """Ask what to do with the rest."""
        here = self.here
        if here is None:
            return
        groups = {group.key: group for group in self.groups()}
        items = [Item(f"accept {key}", f"accept {group.words}", group.places) for key, group in groups.items()]
        items += [Item(f"skip {key}", f"skip {group.words}", group.places) for key, group in groups.items()]
        items.append(self._muting(here.rule))

        def picked(key: str | None) -> None:
            if key in {"mute", "unmute"}:
                self._mute(here, key == "mute")
            elif key:
                verb, name = key.split(" ")
                group = groups[name]
                self._accept(group) if verb == "accept" else self._skip(group.findings)

        self.app.push_screen(Menu("the rest" + (" of what is shown" if self.filter else ""), items), picked)

    def _muting(self, rule: str) -> Item:
        """Return the entry that mutes a rule in every file, or takes that back."""
        migration = self.wizard.migration
        own = [finding for finding in migration.findings() if finding.rule == rule]
        if rule in migration.session.muted:
            muted = tuple(finding for finding in own if is_muted(migration.session, finding))
            said = f"unmute rule {rule}: {counted(len(muted), 'finding')} undecided again"
            return Item("unmute", said, Group("", "", muted, 0).places)
        left = tuple(self._undecided(own))
        said = f"mute rule {rule}: skip all {len(left)} of it, in every file, and what is found of it later"
        return Item("mute", said, Group("", "", left, 0).places)

    def _mute(self, here: Finding, on: bool) -> None:
        migration = self.wizard.migration
        following = self.following([finding for finding in self.all_findings() if finding.rule == here.rule])
        (mute if on else unmute)(migration.session, here.rule, migration.findings())
        self._moved_on(following if on else here)
        self.wizard.tell(f"Rule {here.rule} is {'muted' if on else 'not muted any more'}; u takes it back.")

    def _accept(self, group: Group) -> None:
        able = [finding for finding in group.findings if finding.choices]
        risky = [finding for finding in able if finding.applicability is Applicability.REVIEW]
        if not risky:
            self._accept_all(able, f"accept {group.words}")
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._accept_all(able, f"accept {group.words}")

        those = "are review findings, each of which" if len(risky) > 1 else "is a review finding, which"
        question = f"Accept {group.words}? {len(risky)} {those} a person should look at."
        self.app.push_screen(Question(question, "\n".join(group.places)), answered)

    def _accept_all(self, findings: Sequence[Finding], label: str) -> None:
        if not _many_files(findings):
            self._accepted(findings, label, self.wizard.migration.refusals(findings))
            return
        self.checking, self.steps_back = True, False
        self.offer_keys()
        self.wizard.tell(f"Checking {counted(len(findings), 'change')} together…")
        self.run_worker(lambda: self._check(findings, label), thread=True, exclusive=True, group="checking")

    def _check(self, findings: Sequence[Finding], label: str) -> None:
        """Find out, in a thread, which changes cannot be made together; nothing is decided meanwhile."""
        refused = self.wizard.migration.refusals(findings)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._accepted, findings, label, refused)

    def _accepted(self, findings: Sequence[Finding], label: str, refused: Sequence[NotApplicable]) -> None:
        self.checking, self.steps_back = False, True
        following = self.following(findings)
        self.wizard.migration.accept_checked(findings, refused, label)
        self._moved_on(following)
        left = [finding for finding in self.all_findings() if self.pending(finding)]
        stays = f" {counted(len(left), 'finding')} left." if left else ""
        done = len(findings) - len(refused)
        self.wizard.tell(f"{counted(done, 'finding')} accepted in one step; u takes it back.{stays}")
        self._tell_refused(refused)

    def _tell_refused(self, refused: Sequence[NotApplicable]) -> None:
        for refusal in refused[:3]:
            site = refusal.finding.site
            self.wizard.tell(f"{visible(site.path)}:{site.line} stays undecided: {visible(refusal.reason)}", bad=True)
        if len(refused) > 3:
            self.wizard.tell(f"{len(refused) - 3} more stay undecided.", bad=True)

    def _skip(self, findings: Sequence[Finding], reason: str = "") -> None:
        following = self.following(findings)
        self.wizard.migration.skip(findings, reason)
        self._moved_on(following)
        self.wizard.tell(f"{counted(len(findings), 'finding')} skipped in one step; u takes it back.")

    def _moved_on(self, following: Finding | None) -> None:
        self.wizard.show_all()
        self.findings.go(following)

    def following(self, decided: Sequence[Finding]) -> Finding | None:
        """Return the undecided finding to go on with, from the cursor on and then from the top."""
        order = self.findings.order
        start = self.findings.position(self.here) + 1
        gone = {finding.id for finding in decided}
        known, pending = self.wizard.migration.session.latest.get, Status.PENDING
        around = chain(islice(order, start, None), islice(order, start))
        left = (f for f in around if f.id not in gone and known(f.id, PENDING).status is pending)
        return next(left, None)

    def likely(self) -> list[Finding]:
        """Return the findings that the next keys are likely to go to: the next undecided one as well."""
        following = self.following([])
        return super().likely() + ([following] if following else [])

    def action_accept_safe(self) -> None:
        """Accept every safe finding that is left in sight, as one step."""
        kind = Applicability.SAFE
        safe = [finding for finding in self.rest() if finding.applicability is kind]
        self._accept_all(safe, f"accept all safe of {self.section.title}")

    def action_skip_rest(self) -> None:
        """Skip everything undecided in sight, as one step."""
        self._skip(self.rest())

    def action_skip_because(self) -> None:
        """Leave the finding as it is, and say why."""
        finding = self.here
        if finding is None:
            return

        def typed(reason: str | None) -> None:
            if reason is not None:
                following = self.following([finding])
                self.wizard.migration.skip([finding], reason)
                self._moved_on(following)

        hint = "The reason is kept for the summary and the pull request; it may be empty."
        self.app.push_screen(
            Typing("Why is this skipped?", hint, self.wizard.migration.decision(finding).reason), typed
        )


def _first_line(finding: Finding) -> str:
    return finding.site.text.strip().split("\n")[0][:80]


def _many_files(findings: Iterable[Finding]) -> bool:
    paths: set[str] = set()
    for finding in findings:
        paths.update(finding.paths)
        if len(paths) > FEW:
            return True
    return False
