"""What a hook put into a commit of ours beside our changes: other files, and the person's own lines in ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from modal_wizard.git.blobs import Blob
from modal_wizard.git.command import Git
from modal_wizard.git.commit_plan import FilePlan, Inclusion, Objects
from modal_wizard.git.hooks import pre_commit
from modal_wizard.git.queries import changes_since
from modal_wizard.git.rehearsal import made_again
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import typed, visible

_NOTHING = "0" * 40
_GONE = "gone"


class HookAddition(Struct, frozen=True):
    """A file with more in the commit than we put there, and how many lines came and went by that."""

    path: str
    added: int
    removed: int
    is_ours: bool
    """Whether the file has changes of ours in the commit too."""
    mode: str = ""
    """What it became besides, ``+x``, ``-x`` or `_GONE`; empty where that is what it was."""

    def __str__(self) -> str:
        lines = f"+{self.added} -{self.removed}" if self.added or self.removed or not self.mode else ""
        return f"{visible(self.path)} ({' '.join(filter(None, (lines, self.mode)))})"


def additions(git: Git, parent: str, sha: str, plans: Sequence[FilePlan]) -> tuple[HookAddition, ...]:
    """Return what the commit ``sha`` has beside what was planned; what a formatter makes of our files is no such thing.

    A hook that adds whatever is modified takes unfinished work of the person's along.
    """
    changed = changes_since(git, parent, sha)
    ours = {plan.change.path: plan for plan in plans}
    others = [_addition(git, path, *changed[path]) for path in sorted(changed.keys() - ours.keys())]
    return (*others, *_in_ours(git, ours, {path: both for path, both in changed.items() if path in ours}))


def in_words(found: Sequence[HookAddition]) -> str:
    """Return in sentences what a hook added, and how to take it out of the commit again; empty when it is nothing."""
    if not found:
        return ""
    named = ", ".join(map(str, found))
    files = [_pathspec(each) for each in found if not each.is_ours]
    parts = [_pathspec(each) for each in found if each.is_ours and each.mode != _GONE and (each.added or each.removed)]
    steps = [f"git reset --quiet HEAD^ -- {' '.join(files)}"] * bool(files)
    steps += [f"git reset --patch HEAD^ -- {' '.join(parts)}"] * bool(parts)
    steps += [f"git {_UNDOING[each.mode]} {typed(each.path)}" for each in found if each.mode]
    steps.append("git commit --amend --no-edit --no-verify")
    return (
        f"A hook put more than our changes into the commit, in {counted(len(found), 'file')}: {named}. "
        f"To take that out again and keep it in your files: {'; '.join(steps)}"
    )


def _pathspec(each: HookAddition) -> str:
    """Return a path as git takes it on a command line, where stars and a colon at the start mean more."""
    special = each.path.startswith(":") or not set(each.path).isdisjoint("*?[\\")
    return typed(f":(literal){each.path}" if special else each.path)


def _in_ours(
    git: Git, ours: dict[str, FilePlan], committed: dict[str, tuple[Blob | None, Blob | None]]
) -> Iterator[HookAddition]:
    objects = Objects(git)
    for path, (old, new) in committed.items():
        mode = _mode(old, new)
        if new is None:
            yield _addition(git, path, old, new, is_ours=True, mode=_GONE)
            continue
        expected = _expected(git, objects, ours, path, new)
        if new.sha != expected or mode:
            yield _addition(git, path, Blob(new.mode, expected), new, is_ours=True, mode=mode)


_MODES = {("100644", "100755"): "+x", ("100755", "100644"): "-x"}
_UNDOING = {"+x": "update-index --chmod=-x", "-x": "update-index --chmod=+x", _GONE: "add"}


def _mode(old: Blob | None, new: Blob | None) -> str:
    return _MODES.get((old.mode, new.mode), "") if old is not None and new is not None else ""


def _expected(git: Git, objects: Objects, ours: dict[str, FilePlan], path: str, new: Blob) -> str:
    """Return the name of what a file of ours should be in the commit; that of what it is where a formatter made it."""
    plan = ours[path]
    if plan.how is Inclusion.PART:
        return objects.write(plan.content)
    changes = [each.change for each in ours.values()]
    if objects.holds(new, path, plan.change.after) or path in made_again(git, changes, pre_commit(git), [path]):
        return new.sha
    return objects.name(path, plan.change.after)


def _addition(
    git: Git, path: str, old: Blob | None, new: Blob | None, is_ours: bool = False, mode: str = ""
) -> HookAddition:
    sides = [each.sha if each is not None else "" for each in (old, new)]
    if all(sides):
        said = git.ask("diff", "--numstat", *sides).text
        added, removed = (*said.split("\t")[:2], "0", "0")[:2]
        return HookAddition(path, _number(added), _number(removed), is_ours, mode)
    lines = git.ask("cat-file", "blob", next(filter(None, sides), _NOTHING)).out.count(b"\n")
    return HookAddition(path, lines if sides[1] else 0, lines if sides[0] else 0, is_ours, mode)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
