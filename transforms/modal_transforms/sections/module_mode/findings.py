"""How a command line that lacks ``-m`` is stated: how sure it is, what the repository says, which ways there are."""

from __future__ import annotations

from pathlib import PurePosixPath

from modal_transforms.analysis.module import Module, ProjectView
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Span
from modal_transforms.modal_api.cli import ReferenceKind, Verdict
from modal_transforms.sections.module_mode.about import SECTION

ADDED = "None: it runs what it ran before, and no longer stops with an error from 1.4.0 on."
SHOWN = "None at run time: what is shown works with 1.x."


def finding(module: Module, verdict: Verdict, insert: Replace, place: Span, runner: str, text: bool = False) -> Finding:
    """State one command line: ``runner`` says what runs it, ``text`` that it is only shown."""
    reference = verdict.module.replace("\0", "{…}")
    evidence = [runner or ("shown, not run" if text else "written as an argument list")]
    evidence += on_disk(module, verdict.module)
    label = f"modal {verdict.subcommand} -m {reference}"
    choices = [Choice("module", label, SHOWN if text else ADDED, (insert,))]
    rule, message = "module-mode", f"modal {verdict.subcommand} takes the module {reference} only with -m"
    applicability = Applicability.SAFE if runner and verdict.sure and not text else Applicability.REVIEW
    if verdict.kind is ReferenceKind.BARE:
        rule, applicability = "module-mode-bare", Applicability.REVIEW
        choices += _as_file(module, verdict, place)
    elif text:
        rule, message = "module-mode-text", f"the text shows modal {verdict.subcommand} {reference} without -m"
    if not verdict.sure and not text:
        evidence.append("a part of the command line cannot be seen: make sure that it does not bring -m already")
    return module.finding(SECTION, rule, place, message, applicability, tuple(choices), tuple(evidence))


def on_disk(module: Module, dotted: str) -> list[str]:
    """Say which file or folder of the repository a module path names, if any."""
    found = _path(module, dotted)
    if found is not None:
        return [f"`{dotted}` is {found}"]
    elsewhere = _elsewhere(module, dotted)
    return [f"`{dotted}` may be {elsewhere}, run from the folder that holds it"] if elsewhere else []


def _path(module: Module, dotted: str) -> str | None:
    """Return the file or folder that a module path names, from the root or from a folder above this file."""
    files = module.project.files if module.project else frozenset()
    folders = module.project.once(_folders) if module.project else frozenset()
    stem = dotted.replace(".", "/")
    for folder in ("", *(f"{parent}/" for parent in PurePosixPath(module.source.path).parents)):
        for candidate in (f"{folder}{stem}.py", f"{folder}{stem}/__init__.py"):
            if candidate in files:
                return candidate
        if f"{folder}{stem}" in folders:
            return f"{folder}{stem}/"
    return None


def _folders(project: ProjectView) -> frozenset[str]:
    """Return the folders of a repository that hold files, themselves or further down."""
    found: set[str] = set()
    for path in project.files:
        folder = path.rpartition("/")[0]
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return frozenset(found - {""})


def _elsewhere(module: Module, dotted: str) -> str | None:
    """Return the only file of the repository whose path ends as a module path says."""
    ending = f"/{dotted.replace('.', '/')}.py"
    named = module.project.once(_by_name) if module.project else {}
    found = [path for path in named.get(ending.rpartition("/")[2], ()) if path.endswith(ending)]
    return found[0] if len(found) == 1 else None


def _by_name(project: ProjectView) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for path in project.files:
        named.setdefault(path.rpartition("/")[2], []).append(path)
    return named


def _as_file(module: Module, verdict: Verdict, place: Span) -> list[Choice]:
    """Return the other way to name a single module: its file, when there is one where commands are started."""
    name = verdict.module
    found = _path(module, name) or _elsewhere(module, name) or ""
    if found.rpartition("/")[2] != f"{name}.py" or verdict.reference is None:
        return []
    written = module.source.slice(place)
    changed = Replace(module.source.path, place, written.replace(name, f"{name}.py", 1))
    effect = f"Runs {name}.py as a file, from the folder that holds it."
    return [Choice("file", f"modal {verdict.subcommand} {name}.py", effect, (changed,))]
