"""How to give an image the local modules that its functions need."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from msgspec import Struct

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.definitions import is_conditional
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import AddArgument, Applicability, Change, Choice, ExtendArgument, Site, Span
from modal_transforms.modal_api.deployments import Deployed, ImageSource
from modal_transforms.modal_api.image_chain import gets_build_steps
from modal_transforms.modal_api.images import extend_definition, extend_expression, extend_image, image_uses
from modal_transforms.modal_api.naming import modal_name
from modal_transforms.sections.local_source.already_added import defining, may_hold_more, missing, missing_at_build
from modal_transforms.sections.local_source.auto_shipped import Mode, automounting_is_off, holds, home, package_folder
from modal_transforms.sections.local_source.by_image import Group, groups
from modal_transforms.sections.local_source.imports_needed import Need, When, is_standard

_NO_DATA = (".py", ".pyc", ".pyi", ".md", ".rst", "py.typed", "LICENSE")
_OLD_FILTER = 'ignore=["**/*.pyc", "**/__pycache__/**", "**/.*", "**/.*/**"]'
_ADDED = "The container finds them in /root again; they are added when it starts, no image layer is rebuilt."

_COPIED = "The modules are in the image when the function runs; changing one of them builds the image again."
_LEFT_BEHIND = "Only *.py: data files beside them stay behind."


class ImageAddition(Struct, frozen=True):
    """A finding about to be stated."""

    rule: str
    place: Span
    message: str
    applicability: Applicability
    choices: tuple[Choice, ...]
    evidence: tuple[str, ...]
    sites: tuple[Site, ...] = ()
    advice: str = ""


class Placing(Struct, frozen=True):
    """Where the calls go, and whether that is as plain as can be."""

    where: str
    changes: tuple[Change, ...]
    plain: bool


def plans(module: Module) -> Iterator[ImageAddition]:
    """Yield what to do for the images of a file."""
    if automounting_is_off(module):
        return
    for group in groups(module):
        lacking = {found: missing(found) for found in group.users}
        if any(lacking.values()):
            yield _plan(module, group, {found: needed for found, needed in lacking.items() if needed})
    yield from _at_build(module)


def _plan(module: Module, group: Group, lacking: dict[Deployed, tuple[Need, ...]]) -> ImageAddition:
    needed = sorted({need.name: need for needs in lacking.values() for need in needs}.values(), key=lambda n: n.name)
    names = _listing([need.name for need in needed])
    message = f"1.x no longer ships {names} for {_listing([found.name for found in lacking])}"
    evidence = tuple(_evidence(lacking, needed))
    sites = tuple(found.module.source.site(found.module.source.span(found.call.func)) for found in lacking)
    shadows = [need.name for need in needed if is_standard(need.name)]
    if shadows or group.source is ImageSource.UNKNOWN:
        return ImageAddition(
            "local-source-unseen",
            group.place,
            message,
            Applicability.MANUAL,
            (),
            evidence,
            sites,
            _advice(shadows, names),
        )
    data = _data_files(module, needed)
    choices, plain = _choices(group, lacking, bool(data))
    doubts = [text for found in lacking for text in _doubts(found)] + _sure_only(needed) + _inner(lacking)
    doubts += _said_of(data)
    safe = plain and not doubts
    applicability = Applicability.SAFE if safe else Applicability.REVIEW
    said = tuple(dict.fromkeys([*evidence, *doubts]))
    return ImageAddition("local-source", group.place, message, applicability, choices, said, sites)


def _advice(shadows: Sequence[str], names: str) -> str:
    if shadows:
        return (
            f"{_listing(shadows)} has the name of a module of Python's own library. Rename it, then add it to the "
            "image with add_local_python_source."
        )
    return f"Find the image that the function runs in and end it with .add_local_python_source(…) of {names}."


def _choices(
    group: Group, lacking: dict[Deployed, tuple[Need, ...]], has_data: bool
) -> tuple[tuple[Choice, ...], bool]:
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
    if any(may_hold_more(found) for found in lacking):
        changes = tuple(AddArgument(found.module.source.path, found.span, "include_source=False") for found in lacking)
        effect = "Modal ships nothing by itself, not even the file itself: right only if the image holds all of it."
        choices.append(Choice("exclude", "include_source=False: the image has the source", effect, changes))
    return tuple(choices), plain


def _placings(group: Group, lacking: dict[Deployed, tuple[Need, ...]], with_data: bool) -> list[Placing]:
    """Return where the calls can go, the recommended place first."""
    links = {found: _link(needed, with_data) for found, needed in lacking.items()}
    if group.image is not None:
        return [_at_variable(group, links) or _at_decorators(links)]
    if group.source is ImageSource.DEFAULT and group.app is not None:
        return _for_default(group, links)
    placed = _at_decorators(links)
    return [Placing("to the image", placed.changes, group.source is not ImageSource.SPLAT and not group.is_ambiguous)]


def _at_variable(group: Group, links: dict[Deployed, str]) -> Placing | None:
    """Extend the image where it is assigned, when nothing is built on it and all its functions need the same."""
    image = group.image
    if image is None or len(set(links.values())) > 1 or is_conditional(image.module, image.statement):
        return None
    users = image_uses(image)
    splatted = [found for found in group.users if found.source is ImageSource.SPLAT]
    unseen = bool(users.other) and not splatted
    builds = any(map(gets_build_steps, group.users))
    if users.extended or unseen or builds or len(links) < len(group.users):
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


def _for_default(group: Group, links: dict[Deployed, str]) -> list[Placing]:
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


def _evidence(lacking: dict[Deployed, tuple[Need, ...]], needed: Sequence[Need]) -> Iterator[str]:
    for need in needed:
        yield f"`{need.name}` is {need.place}, imported in {need.via}"
    for found in lacking:
        yield home(defining(found)).reason


def _sure_only(needed: Sequence[Need]) -> list[str]:
    """Say of which modules it is not sure that the old automounting saw them."""
    said = {
        When.HELD: "is imported in `with image.imports()`: shipped before only if that block ran to it on your machine",
        When.DEFERRED: "is imported inside a function: shipped before because the program loads it elsewhere",
    }
    return [f"`{need.name}` {said[need.when]}" for need in needed if need.when in said]


def _inner(lacking: dict[Deployed, tuple[Need, ...]]) -> list[str]:
    """Say which modules are imported by a name that they have only where their package's own folder is on the path."""
    said = [
        f"`{need.name}` lies in {folder}, which its relative imports make a package: it is found by that name only "
        "where that folder is on Python's path"
        for found, needs in lacking.items()
        for folder in [package_folder(defining(found))]
        for need in needs
        if folder and holds(folder, need.place)
    ]
    return list(dict.fromkeys(said))


def _doubts(found: Deployed) -> Iterator[str]:
    if home(defining(found)).mode is Mode.EITHER:
        yield "not needed if it is run with -m, which ships its package; harmless then"
    step = may_hold_more(found)
    if step:
        yield f"the image's {step} may bring it already"


def _data_files(module: Module, needed: Sequence[Need]) -> list[str]:
    """Return the files of the packages that are not Python source."""
    files = module.project.files if module.project else frozenset()
    folders = tuple(f"{need.place}/" for need in needed if need.is_package)
    return sorted(
        path
        for path in files
        if folders and path.startswith(folders) and not path.endswith(_NO_DATA) and not _is_hidden(path)
    )


def _said_of(data: Sequence[str]) -> list[str]:
    return [f"not only Python: {', '.join(data[:3])}{' …' if len(data) > 3 else ''}"] if data else []


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in PurePosixPath(path).parts)


def _at_build(module: Module) -> Iterator[ImageAddition]:
    """Yield the ``run_function`` steps whose function's file imports local modules."""
    for call in module.index.calls:
        if module.symbol(call.func) != "modal.Image().run_function":
            continue
        needed = missing_at_build(module, call)
        given = module.resolve(call.args[0]) if call.args else None
        if not needed or given is None:
            continue
        names = _listing([need.name for need in needed])
        data = _data_files(module, needed)
        evidence = [f"`{need.name}` is {need.place}, imported in {need.via}" for need in needed]
        yield ImageAddition(
            "local-source-build",
            module.source.span(call.args[0]),
            f"run_function imports its file while the image is built, and 1.x does not ship {names} for that",
            Applicability.REVIEW,
            tuple(_copies(module, call, needed, bool(data))),
            (*evidence, home(given.module).reason, *_said_of(data)),
        )


def _copies(module: Module, call: ast.Call, needed: Sequence[Need], has_data: bool) -> Iterator[Choice]:
    """Yield the ways to have the modules in the image before the function runs."""
    assert isinstance(call.func, ast.Attribute)
    for with_data in [True, False] if has_data else [False]:
        link = _link(needed, with_data).removesuffix(")") + ", copy=True)"
        changes = extend_expression(module, call.func.value, link, build_step=True)
        label = "add_local_python_source(…, copy=True) before it" + (", all files" if with_data else "")
        effect = _COPIED if with_data or not has_data else f"{_COPIED} {_LEFT_BEHIND}"
        yield Choice("copy-all-files" if with_data else "copy", label, effect, changes)


def _listing(names: Sequence[str]) -> str:
    names = list(dict.fromkeys(names))
    shown = names[:4] + ([f"{len(names) - 4} more"] if len(names) > 4 else [])
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
