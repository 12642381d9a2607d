"""What is said of an image that lacks local modules, and what a person should look at."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Finding
from modal_transforms.modal_api.deployments import Deployed, ImageSource
from modal_transforms.sections.local_source.already_added import defining, may_hold_more
from modal_transforms.sections.local_source.auto_shipped import Mode, home
from modal_transforms.sections.local_source.by_image import ImageUsers
from modal_transforms.sections.local_source.choices import build_choices, data_files, image_choices
from modal_transforms.sections.local_source.imports_needed import Need, When, is_standard
from modal_transforms.sections.local_source.needs import changes_path


def image_finding(module: Module, group: ImageUsers, lacking: dict[Deployed, tuple[Need, ...]]) -> Finding:
    """State that the image of a group lacks the modules that some of its functions need."""
    needed = sorted({need.name: need for needs in lacking.values() for need in needs}.values(), key=lambda n: n.name)
    names = _listing([need.name for need in needed])
    message = f"1.x no longer ships {names} for {_listing([found.name for found in lacking])}"
    evidence = tuple(_evidence(lacking, needed))
    shadows = [need.name for need in needed if is_standard(need.name)]
    if shadows or group.source is ImageSource.UNKNOWN:
        rule, level, advice = "local-source-unseen", Applicability.MANUAL, _advice(shadows, names)
        if not shadows:
            message = f"1.x ships {names} for {_listing([found.name for found in lacking])} only if the image has it"
        stated = module.finding(rule, group.place, message, level, (), evidence, advice)
        return _at_all(stated, lacking)
    data = data_files(module, needed)
    choices, plain = image_choices(group, lacking, bool(data))
    doubts = (
        [text for found, needs in lacking.items() for text in _doubts(found, needs)]
        + _sure_only(needed)
        + _changed_paths(lacking)
    )
    doubts += _said_of(data)
    safe = plain and not doubts
    applicability = Applicability.SAFE if safe else Applicability.REVIEW
    said = tuple(dict.fromkeys([*evidence, *doubts]))
    stated = module.finding("local-source", group.place, message, applicability, choices, said)
    return _at_all(stated, lacking)


def _at_all(stated: Finding, lacking: Iterable[Deployed]) -> Finding:
    """Add the functions that lack modules to the places of a finding."""
    sites = [found.module.source.site(found.module.source.span(found.call.func)) for found in lacking]
    return replace(stated, sites=tuple(dict.fromkeys([*stated.sites, *sites])))


def build_finding(module: Module, call: ast.Call, function: Module, needed: Sequence[Need]) -> Finding:
    """State that a ``run_function`` step lacks the modules that the file of its function needs."""
    names = _listing([need.name for need in needed])
    data = data_files(module, needed)
    evidence = [f"`{need.name}` is {need.shown_place}, imported in {need.via}" for need in needed]
    return module.finding(
        "local-source-build",
        module.source.span(call.args[0]),
        f"run_function imports its file while the image is built, and 1.x does not ship {names} for that",
        Applicability.REVIEW,
        tuple(build_choices(module, call, needed, bool(data))),
        (*evidence, home(function).reason, *_said_of(data)),
    )


def _advice(shadows: Sequence[str], names: str) -> str:
    if shadows:
        return (
            f"{_listing(shadows)} has the name of a module of Python's own library. Rename it, then add it to the "
            "image with add_local_python_source."
        )
    return f"Find the image that it runs in: unless that adds {names}, end it with .add_local_python_source(…) of it."


def _evidence(lacking: dict[Deployed, tuple[Need, ...]], needed: Sequence[Need]) -> Iterator[str]:
    for need in needed:
        yield f"`{need.name}` is {need.shown_place}, imported in {need.via}"
    for found in lacking:
        yield home(defining(found)).reason


def _sure_only(needed: Sequence[Need]) -> list[str]:
    """Say of which modules it is not sure that the old automounting saw them."""
    said = {
        When.HELD: "is imported in `with image.imports()`: shipped before only if that block ran to it on your machine",
        When.DEFERRED: "is imported inside a function: shipped before because the program loads it elsewhere",
    }
    return [f"`{need.name}` {said[need.when]}" for need in needed if need.when in said]


def _changed_paths(lacking: Iterable[Deployed]) -> list[str]:
    """Say which files add to Python's search path, so that what their imports mean cannot be told for sure."""
    homes = [home for home in dict.fromkeys(map(defining, lacking)) if changes_path(home)]
    return [f"{home.source.path} changes sys.path: what its imports mean was guessed" for home in homes]


def _doubts(found: Deployed, needed: Sequence[Need]) -> Iterator[str]:
    if home(defining(found)).mode is Mode.EITHER:
        yield "not needed if it is run with -m, which ships its package; harmless then"
    source = may_hold_more(found, needed)
    if source:
        yield f"{source} may bring it already"


def _said_of(data: Sequence[str]) -> list[str]:
    return [f"not only Python: {', '.join(data[:3])}{' …' if len(data) > 3 else ''}"] if data else []


def _listing(names: Sequence[str]) -> str:
    names = list(dict.fromkeys(names))
    shown = names[:4] + ([f"{len(names) - 4} more"] if len(names) > 4 else [])
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
