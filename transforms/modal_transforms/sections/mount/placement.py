"""Where the files of one function go: to its image at the decorator, or where the image is defined."""

from __future__ import annotations

from collections.abc import Callable

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.definitions import Definition
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Change, Site, Span
from modal_transforms.modal_api.deployments import Deployed, ImageSource
from modal_transforms.modal_api.image_chain import gets_build_steps
from modal_transforms.modal_api.images import extend_definition, extend_image, image_definition, image_uses
from modal_transforms.sections.mount.choices import SAME, MountTarget
from modal_transforms.sections.mount.image_call import AddedFiles
from modal_transforms.sections.mount.mount_list import MountCall, NotPlain, Reading, outer_names, read_list
from modal_transforms.sections.mount.translate import translate_all

EVERY = "Every function with this image gets the files, in the same places, added when a container starts."
BUILT = "The same files in the same places, built into the image, where @modal.build methods find them too."


def places(found: Deployed, argument: Span, reading: Reading, additions: tuple[AddedFiles, ...]) -> list[MountTarget]:
    """Return where a function's files may be added, the recommended place first; empty when its image is unknown."""
    links = tuple(addition.link() for addition in additions)
    result: list[MountTarget] = []
    image = image_definition(found)
    alike = image is not None and may_extend(
        image, found.module, reading.entries, lambda each: each == found or _same(each, links)
    )
    if image is not None and alike:
        label = "add them to the image where it is defined"
        site = site_of(image)
        result.append(
            MountTarget("definition", label, lambda calls: extend_definition(image, *calls) or (), EVERY, sites=(site,))
        )
    extension = extend_image(found, *links, instead=argument, alone=True)
    if extension is not None:
        result.append(_at_function(found, argument, extension.others, one_of_two=bool(result)))
    return result


def _at_function(
    found: Deployed, argument: Span, others: tuple[Deployed, ...], one_of_two: bool = False
) -> MountTarget:
    copy = gets_build_steps(found)

    def changes(calls: tuple[str, ...]) -> tuple[Change, ...]:
        extension = extend_image(found, *calls, build_step=copy, instead=argument, alone=True)
        return extension.changes if extension is not None else ()

    label, effect, doubt = f"add them to the image of {found.name}", SAME, ""
    if one_of_two:
        effect = f"Only {found.name} gets the files, in the same places, added when a container starts."
    if found.source is ImageSource.DEFAULT:
        label = f"give {found.name} an image with them"
    if others:
        names = ", ".join(f"`{each.name}`" for each in others)
        label = "add them to the app's image"
        effect = f"The same files in the same places, also for what shares the app's image: {names}."
        doubt = f"the app's image has no name of its own, so the files also reach {names}"
    if copy:
        effect = BUILT
        doubt = "the @modal.build methods run on top of the image, so the files are copied into it"
    return MountTarget("decorator", label, changes, effect, copy, doubt)


def site_of(image: Definition) -> Site:
    """Return the place of an assignment."""
    return image.module.source.site(image.module.source.span(image.statement))


def may_extend(
    image: Definition,
    module: Module,
    entries: tuple[MountCall, ...],
    takes: Callable[[Deployed], bool],
    copied: bool = False,
) -> bool:
    """Tell whether an image may get files where it is defined.

    All its users take the files, nothing extends it, no build step will unless they are ``copied`` into it, and all
    names are to be had there.
    """
    home = image.module
    near = home is module or all(entry.module is home for entry in entries)
    at_top = near and image.binding.scope is home.index.module
    if not at_top or not image.is_plain or image.value is None or home.symbol(image.value) != "modal.Image()":
        return False
    used = image_uses(image)
    if used.extended or used.other or not all(_are_early(entry, image, home) for entry in entries):
        return False
    return all(takes(each) and (copied or not gets_build_steps(each)) for each in used.functions)


def _same(other: Deployed, links: tuple[str, ...]) -> bool:
    """Tell whether another function has the same files mounted."""
    item = keyword(other.call, "mounts")
    if item is None:
        return False
    try:
        additions = translate_all(read_list(other.module, item.value).entries)
    except NotPlain:
        return False
    return tuple(addition.link() for addition in additions) == links


def _are_early(entry: MountCall, image: Definition, module: Module) -> bool:
    """Tell whether all names in an entry's arguments are bound before an image's statement."""
    if entry.module is not module:
        return False
    parts = [*entry.call.args, *(item.value for item in entry.call.keywords)]
    bindings = [binding for part in parts for _, found in outer_names(module, part) for binding in found]
    ends = [getattr(module.index.statement(binding.node), "end_lineno", 0) for binding in bindings]
    own_scope = all(binding.scope is module.index.module for binding in bindings)
    return own_scope and all(end < image.statement.lineno for end in ends)
