"""How to give an image the local modules that its functions need."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from msgspec import Struct

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.definitions import is_conditional
from modal_transforms.analysis.import_scan import ROOT
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import AddArgument, Change, Choice, ExtendArgument
from modal_transforms.core.patterns import pattern
from modal_transforms.modal_api.deployments import Deployed, ImageSource
from modal_transforms.modal_api.image_chain import gets_build_steps
from modal_transforms.modal_api.images import (
    extend_definition,
    extend_expression,
    extend_image,
    image_uses,
    only_adds_to,
)
from modal_transforms.modal_api.naming import modal_name
from modal_transforms.sections.local_source.already_added import may_hold_more
from modal_transforms.sections.local_source.by_image import ImageUsers
from modal_transforms.sections.local_source.imports_needed import Need

_NO_DATA = tuple(".py .pyc .pyi .md .rst .ipynb .log .bak .orig .rej .tmp .swp ~ py.typed".split())
_NO_DATA_NAMES = pattern(r"(?i)(LICEN[CS]E|README|CHANGELOG|NOTICE|AUTHORS|Makefile|Dockerfile|requirements)\b")
_NO_DATA_FOLDERS = frozenset("doc docs notebooks scratch tmp test tests __pycache__".split())
_OLD_FILTER = 'ignore=["**/*.pyc", "**/__pycache__/**", "**/.*", "**/.*/**"]'
_ADDED = "The container finds them in /root again; they are added when it starts, no image layer is rebuilt."
_COPIED = "The modules are in the image when the function runs; changing one of them builds the image again."
_LEFT_BEHIND = "Only *.py: data files beside them stay behind."


class Placing(Struct, frozen=True):
    """Where the calls go, and whether that is as plain as can be."""

    where: str
    changes: tuple[Change, ...]
    plain: bool


def image_choices(
    group: ImageUsers, lacking: dict[Deployed, tuple[Need, ...]], has_data: bool
) -> tuple[tuple[Choice, ...], bool]:
    """Return the choices for an image, the recommended one first, and whether all are as plain as can be."""
    choices: list[Choice] = []
    plain = True
    for with_data in [True, False] if has_data else [False]:
        for number, placing in enumerate(_placings(group, lacking, with_data)):
            key = ("all-files" if with_data else "python-only" if has_data else "add") + (
                f"-{number}" if number else ""
            )
            label = f"add_local_python_source {placing.where}" + (", all files" if with_data else "")
            effect = _ADDED if with_data or not has_data else f"{_ADDED} {_LEFT_BEHIND}"
            choices.append(Choice(key, label, effect, placing.changes))
            plain = plain and placing.plain
    if any(may_hold_more(found, needed) for found, needed in lacking.items()):
        changes = tuple(AddArgument(found.module.source.path, found.span, "include_source=False") for found in lacking)
        effect = "Modal ships nothing by itself, not even the file itself: right only if the image holds all of it."
        choices.append(Choice("exclude", "include_source=False: the image has the source", effect, changes))
    return tuple(choices), plain


def _placings(group: ImageUsers, lacking: dict[Deployed, tuple[Need, ...]], with_data: bool) -> list[Placing]:
    """Return where the calls can go, the recommended place first."""
    of_app = {
        need.name: need for found, needed in lacking.items() if found.source is ImageSource.APP for need in needed
    }
    shared = [of_app[name] for name in sorted(of_app)]
    links = {
        found: _link(shared if found.source is ImageSource.APP else needed, with_data)
        for found, needed in lacking.items()
    }
    if group.image is not None:
        return [_at_variable(group, links) or _at_decorators(links)]
    if group.source is ImageSource.DEFAULT and group.app is not None:
        return _for_default(group, links)
    placed = _at_decorators(links)
    return [Placing("to the image", placed.changes, group.source is not ImageSource.SPLAT and not group.is_ambiguous)]


def _at_variable(group: ImageUsers, links: dict[Deployed, str]) -> Placing | None:
    """Extend the image where it is assigned, when nothing is built on it and all its functions need the same."""
    image = group.image
    if image is None or len(set(links.values())) > 1 or is_conditional(image.module, image.statement):
        return None
    users = image_uses(image)
    splatted = [found for found in group.users if found.source is ImageSource.SPLAT]
    unseen = bool(users.other) and not splatted
    builds = any(map(gets_build_steps, group.users))
    extended = [use for use in users.extended if only_adds_to(image, use) is None]
    if extended or unseen or builds or len(links) < len(group.users):
        return None
    changes = extend_definition(image, next(iter(links.values())))
    return Placing(f"where {image.name} is made", changes, not users.other) if changes else None


def _at_decorators(links: dict[Deployed, str]) -> Placing:
    changes: dict[Change, None] = {}
    for found, link in links.items():
        extension = extend_image(found, link)
        if extension is None and found.image is not None:
            changes.update(dict.fromkeys(extend_expression(found.image_module, found.image, link)))
        elif extension is not None:
            changes.update(dict.fromkeys(extension.changes))
    return Placing("where the function gets its image", tuple(changes), False)


def _for_default(group: ImageUsers, links: dict[Deployed, str]) -> list[Placing]:
    """Name an image for functions that have none: the app's, when several share it, or one for each."""
    each = Placing("in an image of its own", _at_decorators(links).changes, False)
    app = group.app
    if app is None or len(group.users) < 2 or len(set(links.values())) > 1 or any(map(_gets_an_image, group.users)):
        return [each]
    name, needed = modal_name(app.module, app.call, "Image")
    source = app.module.source
    text = next(iter(links.values()))
    argument = ExtendArgument(source.path, source.span(app.call), "image", f"{name}.debian_slim()", text, last=True)
    return [Placing("in an image of the app", (argument, *needed), False), each]


def _gets_an_image(found: Deployed) -> bool:
    """Tell whether other sections may give a function an image of its own: for its mounts, for its build steps."""
    apps = [found.app.call] if found.app else []
    if any(keyword(call, "mounts") is not None for call in [found.call, *apps]):
        return True
    symbols = [found.module.symbol(call.func) for call in found.module.index.calls] if found.is_class else []
    return "modal.build" in symbols


def _link(needed: Sequence[Need], with_data: bool) -> str:
    names = ", ".join(f'"{need.name}"' for need in needed)
    return f".add_local_python_source({names}{f', {_OLD_FILTER}' if with_data else ''})"


def data_files(module: Module, needed: Sequence[Need]) -> list[str]:
    """Return the files of the packages that are not Python source."""
    files = module.project.files if module.project else frozenset()
    folders = ["" if need.place == ROOT else f"{need.place}/" for need in needed if need.is_package]
    return sorted(
        path
        for folder in folders
        for path in files
        if path.startswith(folder) and _is_data(path, path.removeprefix(folder))
    )


def _is_data(path: str, inner: str) -> bool:
    """Tell whether a file of a package, at ``inner`` in it, may be read by the code: no source, no note, no scratch."""
    name = path.rpartition("/")[2]
    if name.endswith(_NO_DATA) or _NO_DATA_NAMES.match(name) or any(p.startswith(".") for p in path.split("/")):
        return False
    return _NO_DATA_FOLDERS.isdisjoint(inner.split("/")[:-1])


def build_choices(module: Module, call: ast.Call, needed: Sequence[Need], has_data: bool) -> Iterator[Choice]:
    """Yield the ways to have the modules in the image before the function runs."""
    assert isinstance(call.func, ast.Attribute)
    for with_data in [True, False] if has_data else [False]:
        link = _link(needed, with_data).removesuffix(")") + ", copy=True)"
        changes = extend_expression(module, call.func.value, link, build_step=True)
        label = "add_local_python_source(…, copy=True) before it" + (", all files" if with_data else "")
        effect = _COPIED if with_data or not has_data else f"{_COPIED} {_LEFT_BEHIND}"
        yield Choice("copy-all-files" if with_data else "copy", label, effect, changes)
