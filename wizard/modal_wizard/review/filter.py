"""Filter the findings of a section by words, applicability, rule, file, or for what is undecided or broken now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from msgspec import Struct
from msgspec.structs import replace

from modal_transforms.core.model import Finding
from modal_wizard.review.memo import remembered
from modal_wizard.session.decisions import Status


class Filter(Struct, frozen=True):
    """The conditions that a finding has to meet to be shown; an empty field is none."""

    text: str = ""
    """Words that occur in its file, rule, code, message or evidence."""
    kind: str = ""
    """Safe, review or manual."""
    rule: str = ""
    path: str = ""
    undecided: bool = False
    broken: bool = False
    """Whether it is broken with the modal that is installed."""
    proposed: bool = False
    """Whether a decision is proposed that is not taken yet."""

    def __bool__(self) -> bool:
        return self != Filter()

    def __str__(self) -> str:
        named = (self.kind, self.rule, self.path, f"“{self.text}”" if self.text else "")
        marks = ("broken now",) * self.broken + ("undecided",) * self.undecided + ("proposed",) * self.proposed
        return " · ".join(marks + tuple(filter(None, named)))

    def toggled(self, key: str) -> Filter:
        """Return the filter with one thing asked for, or no longer.

        The key is ``all``, ``broken``, ``undecided``, ``proposed``, or a field and its value: ``kind safe``,
        ``rule rename``, ``path app.py``.
        """
        if key == "all":
            return Filter()
        if key == "broken":
            return replace(self, broken=not self.broken)
        if key == "undecided":
            return replace(self, undecided=not self.undecided)
        if key == "proposed":
            return replace(self, proposed=not self.proposed)
        name, value = key.split(" ", 1)
        new = "" if getattr(self, name) == value else value
        if name == "kind":
            return replace(self, kind=new)
        return replace(self, rule=new) if name == "rule" else replace(self, path=new)

    def takes(
        self,
        finding: Finding,
        status: Status,
        is_broken: Callable[[Finding], bool],
        is_proposed: Callable[[Finding], bool],
    ) -> bool:
        """Tell whether a finding meets all conditions."""
        return bool(self.taken([finding], lambda _: status, is_broken, is_proposed))

    def taken(
        self,
        findings: Iterable[Finding],
        status: Callable[[Finding], Status],
        is_broken: Callable[[Finding], bool],
        is_proposed: Callable[[Finding], bool] = lambda _: False,
    ) -> list[Finding]:
        """Return the findings that meet all conditions, in their order."""
        several = list(findings)
        if self.proposed:
            several = [finding for finding in several if is_proposed(finding)]
        if self.broken:
            several = [finding for finding in several if is_broken(finding)]
        if self.kind:
            several = [finding for finding in several if finding.applicability.value == self.kind]
        if self.rule:
            several = [finding for finding in several if finding.rule == self.rule]
        if self.path:
            several = [finding for finding in several if any(site.path == self.path for site in finding.sites)]
        if self.undecided:
            several = [finding for finding in several if status(finding) is Status.PENDING]
        for word in self.text.casefold().split():
            several = [finding for finding in several if word in words_of(finding)]
        return several


class Facets(Struct, frozen=True):
    """How many findings there are of each kind and rule, and in each file."""

    kinds: Counter[str]
    rules: Counter[str]
    files: Counter[str]


def facets(findings: Iterable[Finding]) -> Facets:
    """Count findings by what a filter can ask for."""
    several = list(findings)
    return Facets(
        Counter([finding.applicability._value_ for finding in several]),
        Counter([finding.rule for finding in several]),
        Counter([path for finding in several for path in {site.path for site in finding.sites}]),
    )


@remembered
def words_of(finding: Finding) -> str:
    """Return the text that a search looks for words in, in lower case: places, code, rule, reasons."""
    sites = [text for site in finding.sites for text in (f"{site.path}:{site.line}", site.text)]
    parts = (finding.rule, finding.message, finding.advice, *finding.evidence, *sites)
    return "\n".join(parts).casefold()
