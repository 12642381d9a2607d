"""A baseline: the findings that were there when somebody began to look, in a file that only ever shrinks.

A finding is known by its content: file, section, rule and the code it is about. Where it stands in its file does not
matter, nor does white space. Several that are alike are counted.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from modal_transforms.core.model import Finding
from modal_transforms.sections import asked
from modal_wizard.errors import WizardError
from modal_wizard.files.safe_io import UnsafePath, replace_named, resolve_named
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from modal_wizard.scan.discover import ScanScope
    from modal_wizard.scan.result import Scan

VERSION = 1
_MAX_BYTES = 64 * 1024 * 1024
_SHOWN = 80


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, order=True):
    """One finding of a baseline, or several that are alike."""

    path: str
    section: str
    rule: str
    digest: str
    """Of the code that it is about, without its white space."""
    text: str
    """The beginning of that code, for people."""
    count: int = 1


class BaselineFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a baseline's file holds."""

    version: int
    repository: tuple[str, ...]
    """The commits that the repository began with; empty where that is not known."""
    findings: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Findings against a baseline."""

    new: list[Finding]
    """Findings that it does not have."""
    kept: tuple[Entry, ...]
    """What of it is still there, or was not looked at."""
    known: int
    """How many findings it has."""
    gone: int
    """How many findings of it are there no more."""


def read(scope: ScanScope, file: Path) -> BaselineFile | None:
    """Return the baseline in a file, ``None`` where there is no such file.

    Raises `WizardError` for a file that cannot be read, is no baseline, or belongs to another repository.
    """
    try:
        place = resolve_named(scope.root, file)
        if not place.exists():
            return None
        with place.open("rb") as opened:
            data = opened.read(_MAX_BYTES + 1)
    except (OSError, UnsafePath) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise _refused(file, f"cannot be read: {reason}", "Give a plain file.") from error
    found = _decoded(file, data)
    began = set(_roots(scope))
    if found.repository and began and began.isdisjoint(found.repository):
        raise _refused(
            file, "belongs to another repository", "Give the baseline of this one, or write one to a new file."
        )
    return found


def _decoded(file: Path, data: bytes) -> BaselineFile:
    again = "Give a file that --write-baseline made, or delete it and write it anew."
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _refused(file, f"is no baseline: it is not JSON ({error})", again) from error
    version = whole.get("version") if isinstance(whole, dict) else None
    if type(version) is int and version != VERSION:
        raise _refused(file, f"is a baseline of version {version}, and this reads version {VERSION}", again)
    try:
        found = msgspec.convert(whole, BaselineFile)
    except msgspec.ValidationError as error:
        raise _refused(file, f"is no baseline: {error}", again) from error
    if any(entry.count < 1 for entry in found.findings):
        raise _refused(file, "is no baseline: a count in it is less than 1", again)
    return found


def _refused(file: Path, what: str, hint: str) -> WizardError:
    return WizardError(f"The baseline {visible(str(file))} {what}.", f"{hint} Nothing was written.")


def _roots(scope: ScanScope) -> tuple[str, ...]:
    """Return the commits that a repository's history began with; nothing where a clone does not have them."""
    from modal_wizard.migration.open import repository_of

    repository = repository_of(scope)
    if repository is None:
        return ()
    with repository:
        if repository.git.ask("rev-parse", "--is-shallow-repository").text == "true":
            return ()
        return tuple(sorted(repository.git.ask("rev-list", "--max-parents=0", "HEAD").text.split()))


def entry_of(finding: Finding) -> Entry:
    """Return the entry that a finding has in a baseline."""
    code = "".join(finding.site.text.split())
    shown = " ".join(finding.site.text.split())[:_SHOWN]
    digest = hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Entry(finding.site.path, finding.section, finding.rule, digest, shown)


def compare(scanned: Scan, baseline: BaselineFile, sections: Sequence[str]) -> Compared:
    """Compare what was found with a baseline.

    An entry of a file that is no longer there also stands for a finding that is like it in another file: it was
    renamed. Entries of files and ``sections`` that were not looked at are kept.
    """
    looked_at = _looked_at(scanned, sections, missing := _missing(scanned, baseline))
    left: Counter[_Key] = Counter()
    for entry in baseline.findings:
        left[_key(entry)] += entry.count
    wanted = [finding for finding in scanned.findings if not sections or finding.section in sections]
    still: Counter[Entry] = Counter()
    rest = _take(wanted, left, still, ())
    new = _take(rest, left, still, missing)
    kept = [entry for entry in baseline.findings if not looked_at(entry)]
    kept += [_counted(entry, count) for entry, count in still.items() if looked_at(entry)]
    gone = sum(left[key] for key in {_key(entry) for entry in baseline.findings if looked_at(entry)})
    return Compared(new, tuple(sorted(kept)), len(wanted) - len(new), gone)


_Key = tuple[str, str, str, str]


def _key(entry: Entry) -> _Key:
    return entry.path, entry.section, entry.rule, entry.digest


def _counted(entry: Entry, count: int) -> Entry:
    return msgspec.structs.replace(entry, count=count)


def _missing(scanned: Scan, baseline: BaselineFile) -> list[str]:
    """Return the files that a baseline names and that are not there any more."""
    return sorted({entry.path for entry in baseline.findings} - set(scanned.paths))


def _take(
    findings: Sequence[Finding], left: Counter[_Key], still: Counter[Entry], elsewhere: Sequence[str]
) -> list[Finding]:
    """Take from what is ``left`` of a baseline what findings use up, noting their entries; return the other findings.

    ``elsewhere`` are the files whose entries may be used as well.
    """
    others = []
    for finding in findings:
        entry = entry_of(finding)
        keys = (_key(entry), *((path, *_key(entry)[1:]) for path in elsewhere))
        used = next((key for key in keys if left[key] > 0), None)
        if used is None:
            others.append(finding)
        else:
            left[used] -= 1
            still[entry] += 1
    return others


def _looked_at(scanned: Scan, sections: Sequence[str], missing: Sequence[str]) -> Callable[[Entry], bool]:
    """Return what tells whether a finding of a baseline would have been found, were it there."""
    unread = {problem.path for problem in scanned.problems}
    slugs = set(sections) or {rule.slug for rule in asked(scanned.scope.goal)}

    def looked_at(entry: Entry) -> bool:
        reached = entry.path in missing or (scanned.scope.covers(entry.path) and entry.path not in unread)
        return reached and entry.section in slugs

    return looked_at


def first(scanned: Scan, findings: Sequence[Finding]) -> BaselineFile:
    """Return the baseline that holds all findings."""
    counts = Counter(map(entry_of, findings))
    entries = sorted(_counted(entry, count) for entry, count in counts.items())
    return BaselineFile(VERSION, _roots(scanned.scope), tuple(entries))


def of(baseline: BaselineFile, found: Compared) -> BaselineFile:
    """Return a baseline without what is gone."""
    return msgspec.structs.replace(baseline, findings=found.kept)


def write(root: Path, file: Path, baseline: BaselineFile) -> None:
    """Write a baseline, an entry a line; raises `WizardError` where it cannot be, with the old one as it was."""
    head = f'{{"version": {baseline.version}, "repository": {json.dumps(baseline.repository)}'
    lines = ",\n".join(f"  {json.dumps(msgspec.to_builtins(entry))}" for entry in baseline.findings)
    text = f'{head}, "findings": [\n{lines}\n]}}\n'
    try:
        replace_named(root, file, text.encode("utf-8"))
    except (OSError, UnsafePath) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise WizardError(
            f"The baseline {visible(str(file))} was not written: {reason}.", "Name another one."
        ) from error
