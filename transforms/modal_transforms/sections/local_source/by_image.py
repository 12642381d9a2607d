"""The images of a file with the functions that run in them: what one finding is about."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.definitions import Definition, definitions, has_dependents
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Span
from modal_transforms.modal_api.deployments import App, Deployed, ImageSource, app_of, deployed, functions_of
from modal_transforms.modal_api.images import image_definition, image_uses, named_base, only_adds_to


class ImageUsers(Struct, frozen=True):
    """Functions and classes that share an image; ``place`` is where the image is given, in the file asked about."""

    place: Span
    source: ImageSource
    users: tuple[Deployed, ...]
    image: Definition | None = None
    """The variable that holds the image, if one does."""
    app: App | None = None
    """The app whose image it is, where that has no name."""
    is_ambiguous: bool = False
    """The image is a name that may stand for one of several."""


def groups(module: Module) -> Iterator[ImageUsers]:
    """Yield the images that are given in a file, each with all its functions, those of other files included."""
    yield from _by_variable(module)
    yield from _by_app(module)
    yield from _at_functions(module)


def _at_functions(module: Module) -> Iterator[ImageUsers]:
    """Yield the images that are written at functions, or named there by names that have more than one value."""
    together: dict[object, list[Deployed]] = {}
    for found in deployed(module):
        inline = found.source in {ImageSource.OWN, ImageSource.SPLAT} and _definition(found) is None
        if inline or found.source is ImageSource.UNKNOWN:
            values = definitions(found.image_module, found.image) if found.image is not None else ()
            together.setdefault(values or found, []).append(found)
    for key, users in together.items():
        place = module.source.span(users[0].call.func)
        yield ImageUsers(place, users[0].source, tuple(users), is_ambiguous=isinstance(key, tuple))


def _by_variable(module: Module) -> Iterator[ImageUsers]:
    own = deployed(module)
    by_image: dict[Definition | None, list[Deployed]] = {}
    for found in own:
        by_image.setdefault(_definition(found), []).append(found)
    named = [*by_image]
    if has_dependents(module):
        named += _images_at_top(module)
    for image in dict.fromkeys(named):
        if image is None or image.module is not module:
            continue
        used = image_uses(image)
        others = by_image.get(image, [])
        adding = [adds for use in used.extended if (adds := only_adds_to(image, use)) is not None]
        users = tuple(dict.fromkeys([*used.functions, *others, *adding]))
        if users:
            yield ImageUsers(_target(image), ImageSource.OWN, users, image)


def _definition(found: Deployed) -> Definition | None:
    """Return the assignment of a function's image, also where its decorator adds local files to that."""
    return image_definition(found) or named_base(found)


def _images_at_top(module: Module) -> Iterator[Definition]:
    for bindings in module.index.module.bindings.values():
        for binding in bindings:
            value = module.resolve_binding(binding)
            if binding.value is not None and value is not None and value.symbol == "modal.Image()":
                yield Definition(module, binding)


def _target(image: Definition) -> Span:
    """Return the bytes of the name that an image is assigned to."""
    span = image.module.source.span(image.statement)
    return Span(span.start, span.start + len(image.module.source.encode(image.name)))


def _by_app(module: Module) -> Iterator[ImageUsers]:
    """Yield the apps of a file whose functions have no image of their own, with the app's own or Modal's default."""
    for call in module.index.calls:
        app = app_of(module, call) if module.symbol(call.func) == "modal.App" else None
        if app is None:
            continue
        for source in (ImageSource.APP, ImageSource.DEFAULT):
            users = [found for found in functions_of(app) if found.source is source]
            if source is ImageSource.APP and users and image_definition(users[0]) is not None:
                continue
            if users:
                yield ImageUsers(module.source.span(call.func), source, tuple(users), app=app)
