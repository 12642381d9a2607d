"""Mounts that an image's build used: ``run_function(mounts=…)`` and ``copy_mount``."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator

from modal_transforms.analysis.calls import argument
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.paths import known_path
from modal_transforms.core.model import Applicability, Choice, Finding, Replace, Span
from modal_transforms.modal_api.image_chain import build_workdir
from modal_transforms.modal_api.images import extend_expression, line_of_its_own
from modal_transforms.rewrite.line_length import line_length
from modal_transforms.sections.mount.choices import NOWHERE, Consumer, MountTarget, dropped
from modal_transforms.sections.mount.comments import kept_above
from modal_transforms.sections.mount.findings import manual, sentences, state
from modal_transforms.sections.mount.functions import read_here
from modal_transforms.sections.mount.image_call import AddedFiles, quoted
from modal_transforms.sections.mount.mount_list import MountCall, MountKind, NotPlain, check_visible, read_mount
from modal_transforms.sections.mount.translate import translate_all

STAYS = "the files are needed while the image is built; from now on they also stay in it"


def run_function_finding(module: Module, call: ast.Call, image: ast.expr, item: ast.keyword) -> Finding:
    """State what becomes of ``mounts=`` of a build step that runs a function."""
    source = module.source
    place, what = source.span(item), "the step"
    try:
        reading, doubts = read_here(module, item.value, call)
        additions = translate_all(reading.entries)
    except NotPlain as reason:
        hint = "Add them with copy=True before the call of run_function."
        return manual(module, place, item.value, "the build step", reason, call, hint)
    consumer = Consumer(
        module,
        "mount-run-function",
        what,
        call,
        source.span(call),
        place,
        reading,
        additions,
        (*doubts, STAYS) if additions else doubts,
    )
    before = MountTarget(
        "add",
        "copy them into the image before the function runs",
        lambda calls: extend_expression(module, image, *calls, build_step=True),
        "The function finds the same files in the same places, and they stay in the image.",
        copy=True,
    )
    return state(consumer, [before if additions else NOWHERE])


def copy_finding(module: Module, call: ast.Call, method: ast.Attribute) -> Finding:
    """State what becomes of a call of ``copy_mount``."""
    source = module.source
    place = Span(source.attribute_word(method).start, source.span(call).end)
    evidence = explain(module, method)
    try:
        node = argument(call, 0, "mount")
        if node is None:
            raise NotPlain("the call names no mount")
        reading = read_mount(module, node)
        unsure = [entry for entry in reading.entries if not check_visible(entry, module, call)]
        doubts = ["a name that the mount is made of is set more than once"] if unsure else []
        base = _copied_to(module, call, method, doubts)
        additions = [_below(base, entry, addition) for entry, addition in _pairs(reading.entries)]
    except NotPlain as reason:
        advice = "Add the files by add_local_dir or add_local_file with copy=True and their final, absolute path."
        message = f"copy_mount is gone, and {reason}"
        return module.finding("mount-copy", place, message, Applicability.MANUAL, evidence=evidence, advice=advice)
    doubts += [doubt for addition in additions for doubt in addition.doubts]
    separator = line_of_its_own(module, call)
    text = separator.join(addition.link(copy=True) for addition in additions).removeprefix(".")
    made = Replace(source.path, place, text, 0 if separator in text else line_length(module))
    changes = (made, *kept_above(module, place, text), *dropped(module, reading))
    return module.finding(
        "mount-copy",
        [place, *(module.source.span(each.statement) for each in reading.variables if each.module is module)],
        "copy_mount is gone: the files are copied by the image itself",
        Applicability.REVIEW if doubts else Applicability.SAFE,
        (Choice("copy", "copy the files with copy=True", "The same files are built into the image.", changes),),
        evidence,
        sentences(doubts),
    )


def _pairs(entries: tuple[MountCall, ...]) -> Iterator[tuple[MountCall, AddedFiles]]:
    for entry in entries:
        for addition in translate_all([entry]):
            yield entry, addition


def _copied_to(module: Module, call: ast.Call, method: ast.Attribute, doubts: list[str]) -> str:
    """Return the folder that a mount's root was copied to."""
    node = argument(call, 1, "remote_path")
    target = "." if node is None else known_path(module, node)
    if target is None:
        raise NotPlain("where the files go is only known when the program runs")
    if target.startswith("/"):
        return target
    workdir = build_workdir(module, method.value)
    if workdir is None:
        doubts.append("the files went below the image's working directory, which is not in sight: / is assumed")
    return posixpath.join(workdir or "/", target)


def _below(base: str, entry: MountCall, addition: AddedFiles) -> AddedFiles:
    """Return an addition with its target moved below a folder."""
    folder = posixpath.normpath(base)
    if folder in {"/", "//"}:
        return addition
    if entry.kind is MountKind.PACKAGES:
        raise NotPlain(f"packages are copied below {folder}, and add_local_python_source only knows /root")
    target = next(text for text in addition.arguments[1:] if not text.startswith(("ignore=", "copy=")))
    name, equals, value = target.rpartition("remote_path=")
    try:
        known = ast.literal_eval(value)
    except (ValueError, SyntaxError):
        raise NotPlain(f"the files go below {folder}, to a path that is only known when the program runs") from None
    moved = name + equals + quoted(posixpath.join(folder, str(known).lstrip("/")).rstrip("/") or "/", value[-1])
    arguments = tuple(moved if text == target else text for text in addition.arguments)
    return AddedFiles(addition.method, arguments, addition.doubts)
