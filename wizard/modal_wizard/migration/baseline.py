"""A baseline: the findings that were there when somebody began to look, in a file that only ever shrinks.

A finding is known by its content: file, section, rule and the code of its lines. Where it stands in its file does not
matter, nor does white space. Several that are alike are counted.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from modal_transforms.core.model import Finding
from modal_transforms.sections import asked
from modal_wizard.errors import WizardError
from modal_wizard.files.json_keys import doubled_key
from modal_wizard.files.safe_io import UnsafePath, replace_named, resolve_named
from modal_wizard.text.sanitize import visible

if TYPE_CHECKING:
    from modal_wizard.migration.migration import Migration
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
    text: str
    """The code that it is about, or its beginning."""
    digest: str
    """Of the lines that this code is in, without their white space."""
    count: int = 1


class BaselineFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a baseline's file holds."""

    version: int
    repository: tuple[str, ...]
    """The commits that the repository began with; empty where that is not known."""
    findings: tuple[Entry, ...]


class Compared(Struct, frozen=True):
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
        if file.is_dir():
            raise _refused(file, "cannot be read: it is a folder", "Give a plain file.")
        place = resolve_named(scope.root, file)
        if not place.exists():
            return None
        with place.open("rb") as opened:
            data = opened.read(_MAX_BYTES + 1)
    except (OSError, UnsafePath) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise _refused(file, f"cannot be read: {reason}", "Give a plain file.") from error
    if len(data) > _MAX_BYTES:
        raise _refused(file, f"is no baseline: it is larger than {_MAX_BYTES // 1024**2} MB", "Give another file.")
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
    if twice := doubled_key(data):
        raise _refused(file, f"is no baseline: the key {visible(repr(twice))} is there twice", again)
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


def entry_of(migration: Migration, finding: Finding) -> Entry:
    """Return the entry that a finding has in a baseline."""
    site, source = finding.site, migration.source(finding.site.path)
    code = "".join("".join(source.slice(source.line_span(line)).split()) for line in site.text_lines)
    digest = hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Entry(site.path, finding.section, finding.rule, " ".join(site.text.split())[:_SHOWN], digest)


def compare(migration: Migration, baseline: BaselineFile, sections: Sequence[str]) -> Compared:
    """Compare what was found with a baseline.

    What an entry stands for is, in this order: a finding on the same lines of code; one of the same code in its file,
    whose line was changed; one on the same lines of another file, where its own is gone: it was renamed. Entries of
    files and ``sections`` that were not looked at are kept.
    """
    scanned = migration.scanned
    missing = {entry.path for entry in baseline.findings} - set(scanned.paths)
    looked_at = _looked_at(scanned, sections, missing)
    left: Counter[Entry] = Counter()
    for entry in baseline.findings:
        left[_counted(entry, 1)] += entry.count
    wanted = [finding for finding in scanned.findings if not sections or finding.section in sections]
    rest = [(finding, entry_of(migration, finding)) for finding in wanted]
    still: Counter[Entry] = Counter()
    rest = _take(rest, left, still, lambda entry: (entry.path, entry.section, entry.rule, entry.digest))
    rest = _take(rest, left, still, lambda entry: (entry.path, entry.section, entry.rule, entry.text))
    renamed = Counter({entry: count for entry, count in left.items() if entry.path in missing})
    left -= renamed
    rest = _take(rest, renamed, still, lambda entry: (entry.section, entry.rule, entry.digest))
    left += renamed
    kept = still + Counter({entry: count for entry, count in left.items() if not looked_at(entry)})
    entries = tuple(sorted(_counted(entry, count) for entry, count in kept.items()))
    gone = sum(count for entry, count in left.items() if looked_at(entry))
    return Compared([finding for finding, _ in rest], entries, len(wanted) - len(rest), gone)


def _counted(entry: Entry, count: int) -> Entry:
    return msgspec.structs.replace(entry, count=count)


def _take(
    findings: Sequence[tuple[Finding, Entry]],
    left: Counter[Entry],
    still: Counter[Entry],
    key: Callable[[Entry], tuple[str, ...]],
) -> list[tuple[Finding, Entry]]:
    """Take from what is ``left`` of a baseline what findings use up, noting their entries; return the other findings.

    ``key`` says what an entry and a finding have to have in common.
    """
    known: dict[tuple[str, ...], list[Entry]] = {}
    for entry in left:
        known.setdefault(key(entry), []).append(entry)
    others = []
    for finding, entry in findings:
        used = next((each for each in known.get(key(entry), ()) if left[each] > 0), None)
        if used is None:
            others.append((finding, entry))
        else:
            left[used] -= 1
            still[entry] += 1
    return others


def _looked_at(scanned: Scan, sections: Sequence[str], missing: Collection[str]) -> Callable[[Entry], bool]:
    """Return what tells whether a finding of a baseline would have been found, were it there.

    A file that is ``missing`` may be anywhere under another name.
    """
    unread = {problem.path for problem in scanned.problems}
    slugs = set(sections) or {rule.slug for rule in asked(scanned.scope.goal)}

    def looked_at(entry: Entry) -> bool:
        if entry.section not in slugs or entry.path in unread:
            return False
        return not scanned.scope.inside if entry.path in missing else scanned.scope.covers(entry.path)

    return looked_at


def first(migration: Migration, findings: Sequence[Finding]) -> BaselineFile:
    """Return the baseline that holds all findings."""
    counts = Counter(entry_of(migration, finding) for finding in findings)
    entries = sorted(_counted(entry, count) for entry, count in counts.items())
    return BaselineFile(VERSION, _roots(migration.scope), tuple(entries))


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
