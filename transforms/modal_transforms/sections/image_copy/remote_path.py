"""Where the files of an old copy landed, and the remote paths that say so to the new methods."""

from __future__ import annotations

import ast
import json
import posixpath

from msgspec import Struct
from msgspec.structs import replace

from modal_transforms.analysis.module import Module
from modal_transforms.analysis.paths import is_absolute, is_path_object, is_text, known_path, last_name
from modal_transforms.core.model import Ask
from modal_transforms.modal_api.image_chain import build_workdir

_FOLDERS = frozenset(
    "/ /app /bin /data /dev /etc /home /lib /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /usr/bin "
    "/usr/lib /usr/local /usr/local/bin /usr/local/lib /usr/local/share /usr/share /var /var/lib /var/log "
    "/workspace".split()
)
"""Folders that images have, or that nobody would give to a file."""
_ANY_PATH = r"/[^\s\"'\\]*"


class Way(Struct, frozen=True):
    """One remote path for the new call: a new text, or something before and after the old expression."""

    text: str = ""
    before: str = ""
    after: str = ""
    key: str = ""
    label: str = ""
    effect: str = ""
    asks: tuple[Ask, ...] = ()


class Target(Struct, frozen=True):
    """What a copy's remote path means. No ways: a person has to write it."""

    rule: str
    ways: tuple[Way, ...]
    doubt: str = ""
    """What a person should look at; empty where nothing can go wrong."""
    evidence: tuple[str, ...] = ()


def target(module: Module, method: ast.Attribute, local: ast.expr, remote: ast.expr | None, is_file: bool) -> Target:
    """Return what the remote path of a copy means."""
    if remote is None:
        return _relative(module, method, local, "./" if is_file else ".", is_file, is_default=True)
    text = known_path(module, remote)
    if text is not None and not text.startswith("/"):
        found = _relative(module, method, local, text, is_file)
        plain = isinstance(remote, ast.Constant)
        return found if plain else _doubtful(found, "The remote path comes from elsewhere in the code, where it stays.")
    if is_path_object(module, remote):
        return _path_object(module, remote, local, is_file)
    if text is None:
        return _computed(module, method, remote, is_file)
    found = Target("image-copy", (Way(),))
    return _as_file(module, local, text, found) if is_file else found


def _relative(
    module: Module, method: ast.Attribute, local: ast.expr, text: str, is_file: bool, is_default: bool = False
) -> Target:
    """A relative path, or none: counted from the build's working directory."""
    base = build_workdir(module, method.value)
    absolute = posixpath.normpath(posixpath.join(base or "/", text))
    into = is_file and (text.endswith("/") or posixpath.basename(text) in {"", ".", ".."})
    if into:
        absolute = posixpath.join(absolute, last_name(module, local) or "")
    said = "without a remote path, files go to" if is_default else f"{text!r} counts from"
    evidence = (f"{said} the build's working directory" + (f", {base}" if base is not None else ""),)
    if base is None:
        return _unknown(absolute, evidence)
    effect = f"The files land in {absolute}, where they landed before."
    found = Target("image-copy-relative", (Way(text=_quoted(absolute), effect=effect),), evidence=evidence)
    return _as_file(module, local, absolute, found) if is_file and not into else found


def _unknown(absolute: str, evidence: tuple[str, ...]) -> Target:
    """A relative path in an image whose working directory is not known."""
    ask = Ask("remote", "Absolute path in the image", absolute, _ANY_PATH)
    effect = f"The path that you give; {absolute} is where files landed if the image sets no working directory."
    way = Way(text=f'"{ask.placeholder}"', effect=effect, asks=(ask,))
    doubt = "The image's working directory cannot be told from the code: check the WORKDIR that it starts from."
    return Target("image-copy-workdir", (way,), doubt, evidence)


def _as_file(module: Module, local: ast.expr, text: str, found: Target) -> Target:
    """A file's own path, unless it may be the name of a folder that the file went into.

    ``found`` is what to return where it surely is the file's own.
    """
    name = last_name(module, local)
    base = posixpath.basename(text)
    if not base or base == name or posixpath.splitext(base.lstrip("."))[1]:
        return found
    within = Way(
        text=_quoted(f"{text}/"),
        key="folder",
        label=f"into the folder {text}",
        effect=f"The file is {posixpath.join(text, name or '…')}, as it was where {text} is a folder.",
    )
    effect = f"The file is {text}, as it was where no folder of that name is."
    itself = replace(found.ways[0], key="file", label=f"as the file {text}", effect=effect)
    likely = text in _FOLDERS or (name is not None and "." in name.lstrip(".") and not base.startswith("."))
    ways = (within, itself) if likely else (itself, within)
    doubt = f"A copy went into {text} where that is a folder; add_local_file needs a / at the end for that."
    return Target("image-copy-folder", ways, doubt, found.evidence)


def _path_object(module: Module, remote: ast.expr, local: ast.expr, is_file: bool) -> Target:
    if not is_file:
        return Target("image-copy-path", (Way(),), "The remote path is a Path object: it must be absolute.")
    text = known_path(module, remote)
    doubt = "The remote path is a Path object, which add_local_file does not take; it must be absolute."
    effect = "The path is given as text, which add_local_file needs."
    wrapped = Way(before="str(", after=")", effect=effect)
    if text is None:
        return Target("image-copy-path", (wrapped,), doubt)
    found = _as_file(module, local, text, Target("image-copy-path", (wrapped,), doubt))
    return replace(found, rule="image-copy-path", doubt=doubt)


def _computed(module: Module, method: ast.Attribute, remote: ast.expr, is_file: bool) -> Target:
    """A path made at run time."""
    doubt = "The remote path is made at run time: it must be absolute" + (" and text, not a Path." if is_file else ".")
    if is_absolute(module, remote) is False:
        base = build_workdir(module, method.value)
        if base is None or not is_text(module, remote):
            return Target("image-copy-computed", (), "It was relative to the build's working directory.")
        before = json.dumps(base.rstrip("/") + "/") + " + "
        effect = f"The files land below {base}, where they landed before."
        return Target("image-copy-computed", (Way(before=before, effect=effect),), doubt)
    return Target("image-copy-computed", (Way(),), doubt)


def _doubtful(found: Target, doubt: str) -> Target:
    return Target(found.rule, found.ways, found.doubt or doubt, found.evidence)


def _quoted(text: str) -> str:
    """Return a text as a literal."""
    return json.dumps(text, ensure_ascii=False)
