"""``context_mount=``: where ``COPY`` and ``ADD`` of a Dockerfile found their files."""

from __future__ import annotations

import ast
import posixpath

from modal_transforms.analysis.calls import argument, keyword
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.nodes import is_none
from modal_transforms.analysis.paths import known_path
from modal_transforms.core.model import Applicability, Choice, Finding, RemoveArgument, Replace, Span
from modal_transforms.modal_api.needs import FOUND_CONTEXT
from modal_transforms.sections.mount.choices import dropped
from modal_transforms.sections.mount.mount_list import MountCall, MountKind, NotPlain, Reading, read_mount


def context_finding(module: Module, call: ast.Call, item: ast.keyword | ast.expr, value: ast.expr) -> Finding:
    """State what becomes of a ``context_mount``: ``item`` is the argument, ``value`` what it is given."""
    source = module.source
    place = source.span(item)
    evidence = explain(module, call.func)
    message = "context_mount= is gone: the files that COPY and ADD name are found by themselves"
    if is_none(value):
        drop = RemoveArgument(source.path, source.span(call), place)
        choice = Choice("delete", "delete it", "None: no context was given.", (drop,))
        return module.finding("mount-context", place, message, Applicability.SAFE, (choice,), evidence)
    try:
        reading = read_mount(module, value)
        folder = _folder(reading.entries)
    except NotPlain as reason:
        return module.finding(
            "mount-context",
            place,
            f"context_mount= is gone, and {reason}",
            Applicability.MANUAL,
            evidence=evidence,
            advice="Name by context_dir= a folder in which COPY and ADD find what they name; delete context_mount=.",
        )
    advice = "Check that every COPY and ADD finds its source there"
    if folder is None:
        advice = "Change the sources of COPY and ADD to local paths: the mount had given the files other names"
    return module.finding(
        "mount-context",
        place,
        message,
        Applicability.REVIEW,
        _choices(module, call, place, reading, folder),
        evidence,
        f"{advice}.",
    )


def _choices(module: Module, call: ast.Call, place: Span, reading: Reading, folder: str | None) -> tuple[Choice, ...]:
    """Return the choices for a context that was mounted from ``folder``, the recommended one first."""
    path, unused = module.source.path, tuple(dropped(module, reading))
    drop = RemoveArgument(path, module.source.span(call), place)
    delete = Choice(
        "delete",
        "delete it",
        "COPY and ADD look in the folder that modal is called from.",
        (drop, *unused),
        needs=FOUND_CONTEXT,
    )
    if not folder:
        return (delete,)
    given = Replace(path, place, f"context_dir={folder}")
    effect = "COPY and ADD look in the folder that was mounted; a .dockerignore in it counts now."
    return Choice("folder", "name the folder by context_dir=", effect, (given, *unused)), delete


def _folder(entries: tuple[MountCall, ...]) -> str | None:
    """Return the local folder that was the whole context, as written; an empty text for the current one.

    ``None`` when the mount gave its files other names than they have locally.
    """
    kept = {_context_of(entry, alone=len(entries) == 1) for entry in entries}
    return kept.pop() if len(kept) == 1 else None


def _context_of(entry: MountCall, alone: bool) -> str | None:
    local = argument(entry.call, 0, "local_path")
    if entry.is_constructor or entry.kind is MountKind.PACKAGES or local is None or keyword(entry.call, "condition"):
        return None
    by_position = 1 if entry.kind is MountKind.FILE else len(entry.call.args)
    remote = argument(entry.call, by_position, "remote_path")
    here = known_path(entry.module, local)
    there = known_path(entry.module, remote) if remote is not None else posixpath.basename((here or "").rstrip("/"))
    if there is None:
        return None
    there = posixpath.normpath(posixpath.join("/", there))
    if here is not None and not here.startswith(("/", "..", "~")) and _from_root(here) == there:
        return ""
    is_whole = there == "/" and alone and entry.kind is MountKind.DIR
    return entry.module.source.written(local) if is_whole else None


def _from_root(path: str) -> str:
    return posixpath.normpath(posixpath.join("/", path))
