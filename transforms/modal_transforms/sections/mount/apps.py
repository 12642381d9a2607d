"""``mounts=`` of an ``App`` or ``Stub``: they reached all its functions, whatever image those have."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.definitions import Definition, definition
from modal_transforms.core.model import Change, ExtendArgument, Finding, Span
from modal_transforms.modal_api.deployments import App, Deployed, ImageSource, functions_of
from modal_transforms.modal_api.image_chain import gets_build_steps
from modal_transforms.modal_api.images import (
    extend_definition,
    extend_expression,
    extend_image,
    image_definition,
    image_uses,
)
from modal_transforms.modal_api.naming import modal_name
from modal_transforms.sections.mount.choices import NOWHERE, SAME, Consumer, MountTarget
from modal_transforms.sections.mount.findings import HELPER, manual, state, to_be_added
from modal_transforms.sections.mount.functions import read_here, relative_reads
from modal_transforms.sections.mount.image_call import AddedFiles
from modal_transforms.sections.mount.mount_list import NotPlain, Reading, check_visible
from modal_transforms.sections.mount.placement import BUILT, may_extend, site_of
from modal_transforms.sections.mount.translate import translate_all


def app_finding(app: App, item: ast.keyword) -> Finding:
    """State what becomes of ``mounts=`` of an app."""
    module, source = app.module, app.module.source
    argument, what = source.span(item), "the app"
    functions = list(functions_of(app))
    own = [each for each in functions if _has_own(each)]
    try:
        reading, doubts = read_here(module, item.value, app.call)
        reads = frozenset(name for each in functions for name in relative_reads(each))
        additions = translate_all(reading.entries, reads)
    except NotPlain as reason:
        return manual(module, argument, item.value, what, reason, app.call, HELPER)
    shared = _shared_images(app, reading, functions)
    unknown = [each for each in own if image_definition(each) not in shared and not _can_take(each, reading)]
    if unknown and (app.image is None or app.image_module is not module):
        why = f"the image of {', '.join(each.name for each in unknown)} is not in sight"
        return manual(module, argument, item.value, what, why, app.call, to_be_added(additions))
    if unknown:
        names = ", ".join(f"`{each.name}`" for each in unknown)
        doubts += (f"the files cannot be added here to the image of {names}: write {_links(additions)} after it",)
    own = [each for each in own if each not in unknown]
    functions = [each for each in functions if each not in unknown]
    doubts += ("functions of the app in files that are not in sight need the files too",)
    if own:
        names = ", ".join(f"`{each.name}`" for each in own)
        doubts += (f"what has an image of its own gets the files too: {names}",)
    shared = _shared_images(app, reading, functions) if unknown else shared
    consumer = Consumer(
        module, "mount-app", what, app.call, source.span(app.call), argument, reading, additions, doubts
    )
    return state(consumer, [_place(app, argument, shared, functions, own)] if additions else [NOWHERE])


def _has_own(found: Deployed) -> bool:
    """Tell whether a function has an image of its own, or will have one for mounts of its own."""
    shares = found.source in {ImageSource.APP, ImageSource.DEFAULT}
    return not shares or (found.image is None and keyword(found.call, "mounts") is not None)


def _can_take(found: Deployed, reading: Reading) -> bool:
    """Tell whether the image of a function is in sight, and so is what the mounts are made of."""
    try:
        for entry in reading.entries:
            check_visible(entry, found.module, found.call)
    except NotPlain:
        return False
    return extend_image(found, "") is not None


def _links(additions: tuple[AddedFiles, ...]) -> str:
    return "".join(addition.link() for addition in additions)


def _place(
    app: App, argument: Span, shared: list[Definition], functions: list[Deployed], own: list[Deployed]
) -> MountTarget:
    named = [each for each in own if image_definition(each) not in shared]
    default = len(own) < len(functions) or not functions
    on_app = default and (app.image is None or definition(app.image_module, app.image) not in shared)
    built = any(gets_build_steps(each) for each in functions if each not in own)

    def changes(calls: tuple[str, ...]) -> tuple[Change, ...]:
        made = [change for image in shared for change in _at_definition(image, calls)]
        made += _on_app(app, argument, calls, built) if on_app else ()
        made += [change for each in functions if on_app and each not in own for change in _beside(each, calls)]
        for each in named:
            extension = extend_image(each, *calls)
            made += extension.changes if extension is not None else ()
        return tuple(dict.fromkeys(made))

    sites = (*(site_of(image) for image in shared), *(each.module.source.site(each.span) for each in named))
    effect = BUILT if any(map(gets_build_steps, functions)) else SAME
    return MountTarget("app", "add them to every image of the app", changes, effect, sites=sites)


def _at_definition(image: Definition, calls: tuple[str, ...]) -> tuple[Change, ...]:
    """Add files to an image where it is defined; they are copied where ``@modal.build`` methods follow."""
    built = any(gets_build_steps(each) for each in image_uses(image).functions)
    return extend_definition(image, *_copied(calls, built), build_step=built) or ()


def _copied(calls: tuple[str, ...], built: bool) -> Iterator[str]:
    """Yield the calls that add files, which copy them where ``@modal.build`` methods follow."""
    yield from (f"{call[:-1]}, copy=True)" if built else call for call in calls)


def _beside(found: Deployed, calls: tuple[str, ...]) -> Iterator[Change]:
    """Yield what keeps the files where another change gives a function of the app an image of its own."""
    built = gets_build_steps(found)
    for text in _copied(calls, built):
        yield ExtendArgument(found.module.source.path, found.span, "image", "", text, last=not built, beside=True)


def _shared_images(app: App, reading: Reading, functions: list[Deployed]) -> list[Definition]:
    """Return the image variables that only functions of the app use, and that can be extended where they are set."""
    found = [image_definition(each) for each in functions]
    found += [definition(app.image_module, app.image)] if app.image is not None else []
    wanted = [image for image in dict.fromkeys(found) if image is not None]
    return [image for image in wanted if may_extend(image, app.module, reading.entries, functions.__contains__, True)]


def _on_app(app: App, argument: Span, calls: tuple[str, ...], built: bool) -> tuple[Change, ...]:
    """Return the changes that add to the app's own image; ``built`` says that ``@modal.build`` methods follow."""
    copied = tuple(_copied(calls, built))
    if app.image is not None:
        return extend_expression(app.image_module, app.image, *copied, build_step=built)
    name, needed = modal_name(app.module, app.call, "Image")
    path, base, span = app.module.source.path, f"{name}.debian_slim()", app.module.source.span(app.call)
    made = [ExtendArgument(path, span, "image", base, call, last=not built, instead=argument) for call in copied]
    return (*made, *needed)
