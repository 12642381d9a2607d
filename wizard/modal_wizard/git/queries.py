"""What the wizard asks a repository, and making a branch: functions over anything that runs git."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from msgspec import Struct

from modal_transforms.core.patterns import pattern
from modal_wizard.git.blobs import Blob
from modal_wizard.git.command import Git, RepositoryProblem, check_ok
from modal_wizard.git.dotgit import moves_of, place_of
from modal_wizard.git.status import blob_of, index_state
from modal_wizard.text.grammar import counted
from modal_wizard.text.sanitize import visible


class Head(Struct, frozen=True):
    """Where HEAD is."""

    branch: str | None
    """None when it is detached."""
    sha: str | None
    """None when the branch has no commit yet."""
    short: str


def head(git: Git) -> Head:
    """Return the branch and the commit that are checked out: from git's own files, where these say it."""
    place = place_of(git.state_folder.parent)
    if place is not None and _NAME.fullmatch(place.head) and (short := short_name(git, place.head)):
        return Head(place.branch or None, place.head, short)
    branch = git.ask("symbolic-ref", "-q", "--short", "HEAD").text or None
    sha = git.ask("rev-parse", "-q", "--verify", "HEAD^{commit}").text or None
    return Head(branch, sha, short_name(git, sha) if sha else "")


def index_and_head(git: Git) -> tuple[object, str] | None:
    """Return what tells the index and the last commit from later ones; ``None`` where nothing does."""
    state, place = index_state(git), place_of(git.state_folder.parent)
    return (state, place.head) if state is not None and place is not None and place.head else None


def last_commit(git: Git) -> str:
    """Return the commit that is checked out; raises `RepositoryProblem` when there is none."""
    return head(git).sha or check_ok(git.ask("rev-parse", "--verify", "HEAD"), "name the last commit").text


_NAME = pattern("[0-9a-f]{40}|[0-9a-f]{64}")
"""The whole name of an object."""


def short_name(git: Git, sha: str) -> str:
    """Return the short name of a commit; empty when there is none of that name.

    One that git has told more of is there: its name is made as short as git made that of another.
    """
    if git.short and git.parents.get(sha):
        return sha[: git.short]
    told = git.ask_once("rev-parse", "-q", "--verify", "--short", f"{sha}^{{commit}}").text
    git.short = len(told) or git.short
    return told


def check_head(git: Git, onto: Head | None) -> None:
    """Raise `RepositoryProblem` when HEAD is not where a commit is expected to go."""
    now = head(git)
    if onto is not None and (now.branch, now.sha) != (onto.branch, onto.sha):
        raise RepositoryProblem(f"{moved(onto, now)} Nothing was committed.", "Look at the commit again.")


def moved(shown: Head, now: Head) -> str:
    """Return in a sentence how HEAD has moved since it was shown."""
    if shown.branch != now.branch:
        return f"When this was shown, {_named(shown)} was checked out; now it is {_named(now)}."
    return f"Since this was shown, {_named(now)} has moved: it was at {shown.short} and is at {now.short}."


def _named(head: Head) -> str:
    return f"the branch {visible(head.branch)}" if head.branch else f"the commit {head.short}"


def dirty_in_words(git: Git) -> str:
    """Return how many files hold work that is in no commit; empty where none does."""
    status = git.ask("status", "--porcelain", "-z", "--no-renames", "--ignore-submodules=all")
    fields = check_ok(status, "tell its state").fields
    new = sum(field.startswith("??") for field in fields)
    said = (f"{counted(count, f'{word} file')}" for count, word in ((len(fields) - new, "changed"), (new, "untracked")))
    return ", ".join(each for each in said if not each.startswith("0 "))


def identity(git: Git) -> str:
    """Return who commits, as ``Name <address>``; empty when git does not know."""
    who = [git.ask("var", name) for name in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT")]
    return who[1].text.rsplit(" ", 2)[0] if all(answer.status == 0 for answer in who) else ""


_MOVES = 50
"""So many of the latest moves of HEAD are looked at for a commit that was made."""


def made_since(
    git: Git, parent: str, paths: Sequence[str], earlier: Container[str] = (), branch: str | None = None
) -> str:
    """Return a commit made on ``parent`` since, by whomever, that touches any of the files; empty when there is none.

    It is looked for where HEAD is, in what git has noted of where HEAD was, for it may have been moved since, and on
    the ``branch`` that was checked out, for git need not note that.
    ``earlier`` are commits that were there before: one that an earlier run made, and the person took back, is not it.
    One where HEAD is counts though, for HEAD was on ``parent``: made twice in one second, commits are the same.
    """
    if not parent:
        return ""
    place = place_of(git.state_folder.parent)
    head = place.head if place is not None and _NAME.fullmatch(place.head) else ""
    if head and head != parent and _made(git, head)[0] == [parent]:
        made = [head]
    else:
        found = _made_on(git, parent, "HEAD")
        if found is None:
            return place.head if place is not None and place.head != parent else ""
        made = found
    new = (sha for sha in _and_noted(git, parent, made, branch) if sha in made or sha not in earlier)
    return next((sha for sha in new if not set(paths).isdisjoint(changes_since(git, parent, sha))), "")


def _made_on(git: Git, parent: str, tip: str) -> list[str] | None:
    """Return the commits with a parent that are behind a tip; ``None`` where git cannot tell."""
    after = git.ask("rev-list", "--parents", f"{parent}..{tip}")
    if after.status != 0:
        return None
    lines = dict.fromkeys(tuple(line.split()[:2]) for line in after.text.split("\n"))
    return [line[0] for line in lines if line[1:] == (parent,)]


def _and_noted(git: Git, parent: str, made: Sequence[str], branch: str | None) -> Iterator[str]:
    """Yield commits, then those that git has noted, then a branch's; it is asked for them only when they are wanted."""
    yield from made
    yield from (sha for sha in _noted_on(git, parent) if sha not in made)
    if branch:
        yield from _made_on(git, parent, f"refs/heads/{branch}") or ()


def made_earlier(git: Git, parent: str) -> frozenset[str]:
    """Return the commits on ``parent`` that git has noted so far of where HEAD was."""
    return frozenset(_noted_on(git, parent))


def _noted_on(git: Git, parent: str) -> list[str]:
    """Return the commits on ``parent`` that HEAD was at, the latest first; a reset to ``parent`` took back the rest."""
    moves = _moves(git)
    taken_back = next((n for n, (sha, what) in enumerate(moves) if sha == parent and what.startswith("reset:")), None)
    shas = [sha for sha, _ in moves[:taken_back]]
    _learn_parents(git, shas)
    return [sha for sha in shas if git.parents.get(sha, ())[:1] == (parent,)]


def _moves(git: Git) -> list[tuple[str, str]]:
    """Return the commits that HEAD was at, the latest first, and what brought it there: from git's own file of them."""
    noted = moves_of(git.state_folder.parent)
    if noted is not None:
        return noted[:_MOVES]
    told = git.ask("log", "--walk-reflogs", "-n", str(_MOVES), "--format=%H%x09%gs", "HEAD").text
    return [(sha, what) for sha, _, what in (line.partition("\t") for line in told.split("\n"))]


def _learn_parents(git: Git, shas: Iterable[str]) -> None:
    """Ask for the parents of commits that are not known yet."""
    new = [sha for sha in dict.fromkeys(shas) if sha not in git.parents]
    if new:
        told = git.ask("rev-list", "--no-walk=unsorted", "--parents", "--ignore-missing", *new).text
        git.parents.update(dict.fromkeys(new, ()))
        git.parents.update({sha: tuple(parents) for sha, *parents in map(str.split, filter(None, told.split("\n")))})


def changes_since(git: Git, parent: str, sha: str) -> dict[str, tuple[Blob | None, Blob | None]]:
    """Return the old and new version of each file that differs between two commits."""
    parents, listed = _made(git, sha)
    if parents != [parent]:
        listed = check_ok(git.ask_once(*_DIFFERENCE, parent, sha), "tell what the commit changed").fields
    fields = iter(listed)
    changed: dict[str, tuple[Blob | None, Blob | None]] = {}
    for field in fields:
        old_mode, new_mode, old, new, _ = field.lstrip("\n:").split(" ")
        changed[next(fields)] = (blob_of(old_mode, old), blob_of(new_mode, new))
    return changed


_DIFFERENCE = ("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--no-ext-diff")


def _made(git: Git, sha: str) -> tuple[list[str], list[str]]:
    """Return the parents of a commit, and what it changed, as git lists that; nothing of a merge or an empty one."""
    fields = git.ask_once(*_DIFFERENCE, "--format=%P", sha).fields
    if not fields:
        return [], []
    git.parents[sha] = tuple(parents := fields[0].split())
    return parents, fields[1:]


def is_behind(git: Git, sha: str) -> bool:
    """Tell whether HEAD has a commit in its past, or is it."""
    return git.ask("merge-base", "--is-ancestor", sha, "HEAD").status == 0


def branch_exists(git: Git, name: str) -> bool:
    """Tell whether there is a local branch of that name."""
    return git.ask("show-ref", "--verify", "--quiet", f"refs/heads/{name}").status == 0


def create_branch(git: Git, name: str) -> None:
    """Make a branch where HEAD is and check it out; the work tree and the index stay as they are.

    Raises `RepositoryProblem` when it cannot be made.
    """
    check_new_branch(git, name)
    answer = git.act("checkout", "--quiet", "--no-track", "-b", name)
    if head(git).branch != name:
        check_ok(answer, f"make the branch {visible(name)}")


def check_new_branch(git: Git, name: str) -> None:
    """Raise `RepositoryProblem` when no branch of that name can be made."""
    shown = visible(name)
    possible = name and name != "HEAD" and not name.startswith("-")
    if not possible or git.ask("check-ref-format", "--branch", name).text != name:
        raise RepositoryProblem(f"{shown} is not a name that a branch can have.", "Give another name.")
    if branch_exists(git, name):
        raise RepositoryProblem(f"There is a branch {shown} already.", "Give another name, or switch to it.")
