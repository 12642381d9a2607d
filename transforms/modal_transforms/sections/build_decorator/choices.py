"""The ways in which a build method can go on doing its work."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from msgspec.structs import replace

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.index import walk
from modal_transforms.analysis.left_over import comment_beside, first_to_go, speaks_only_of, spoken_above
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import AddArgument, Ask, Change, Choice, Extend, Replace, Span
from modal_transforms.core.patterns import pattern
from modal_transforms.modal_api.deployments import Deployed, ImageSource
from modal_transforms.modal_api.images import extend_image, uncopied
from modal_transforms.modal_api.naming import modal_name
from modal_transforms.sections.build_decorator.extraction import Extracted, NotExtractable, extract, removal
from modal_transforms.sections.build_decorator.frameworks import Download, downloads
from modal_transforms.sections.build_decorator.methods import BuildMethod
from modal_transforms.sections.build_decorator.places import CARRIED, blank_above, place_of
from modal_transforms.sections.build_decorator.volumes import Cache, ask, cache, directory, folder, mount, named_volume
from modal_transforms.sections.build_decorator.work import is_loaded_again, only_fetches, only_tidies, writes

_DAY = "86400"


def without_build(method: BuildMethod, again: bool) -> Choice:
    """Leave the work to when a container starts: take the decorator off, or the method out if another does its work."""
    if again and not method.enters:
        return Choice(
            "remove",
            "delete the method: what it downloads is loaded when a container starts",
            "The image no longer holds the files: each cold start downloads them.",
            (_out_of_class(method),),
        )
    effect = "The image no longer holds its files: each cold start does the work again, downloads included."
    if only_tidies(method):
        effect = f"{_NO_DOWNLOAD} Each cold start calls it, as today."
    drop = _drop(method.module, method.decorator)
    return Choice("enter-only", "run it only when a container starts", effect, (drop,))


def deleted(method: BuildMethod) -> Choice:
    """Take out a method that only brings an old cache into its new form."""
    label = "delete the method: move_cache() downloads nothing"
    return Choice("remove", label, _NO_DOWNLOAD, (_out_of_class(method),))


_NO_DOWNLOAD = (
    "None where the cache was filled by transformers 4.22 or newer: move_cache() finds nothing to move there."
)


_OF_THE_BUILD = pattern(r"\b(?:build|built|bak(?:e|ing)|image|layer)", re.I)


def _drop(module: Module, decorator: ast.expr) -> Change:
    """Return the change that takes a decorator out, its line with it; comments that speak of more than it stay."""
    source = module.source
    span = source.span(decorator)
    start = source.data.rindex(b"@", 0, span.start)
    beside = comment_beside(source, span.end)
    if beside is not None and not speaks_only_of(source.slice(beside), _OF_THE_BUILD):
        spaces = len(source.slice(beside)) - len(source.slice(beside).lstrip(" \t"))
        return Replace(source.path, Span(start, span.end + spaces), "")
    line = source.line_of(start)
    first = min(first_to_go(source, line, source.line_of(span.end)), spoken_above(source, line, _OF_THE_BUILD))
    return Replace(source.path, Span(source.line_span(first).start, source.line_at(span.end).end), "")


def _entered(method: BuildMethod) -> list[Change]:
    """Return the changes that make the method run when a container starts, and no comment say otherwise."""
    source = method.module.source
    text, needed = modal_name(method.module, method.decorator, "enter")
    span = source.span(method.decorator)
    beside = comment_beside(source, span.end)
    if beside is not None and speaks_only_of(source.slice(beside), _OF_THE_BUILD):
        span = Span(span.start, beside.end)
    return [Replace(source.path, span, f"{text}()"), *needed]


def cached(method: BuildMethod, kept: Cache, again: bool) -> Choice | None:
    """Mount a volume where the library keeps its files, filled when a container starts.

    ``again`` says that another method loads the same files then.
    """
    changes: list[Change] = []
    asked = ask(method, method.classes[0], kept.directory)
    for found in method.classes:
        volume, needed = named_volume(method, found, asked)
        mounted = mount(method, found, kept, volume)
        if mounted is None:
            return None
        is_new = any(volume in getattr(change, "text", "") for change in mounted)
        changes += [*(needed if is_new else ()), *mounted]
    if method.enters:
        changes.append(_drop(method.module, method.decorator))
    elif again:
        changes.append(_out_of_class(method))
    else:
        changes += _entered(method)
    way = "filled by the method that loads them" if again and not method.enters else "filled by @modal.enter()"
    return Choice(
        "volume",
        f"a Volume at {kept.shown}, {way}",
        _FIRST_START if method.enters or again else f"{_FIRST_START} Each cold start runs the method.",
        tuple(dict.fromkeys(changes)),
        (asked,) if _asks(changes, asked) else (),
    )


_FIRST_START = (
    "The image no longer holds the files. The first cold start downloads them into the Volume, and that counts towards "
    "the class's timeout; later ones find them there."
)


def _asks(changes: list[Change], asked: Ask) -> bool:
    """Tell whether the text of a change has the value in it that is asked for."""
    return any(asked.placeholder in getattr(change, "text", "") for change in changes)


def at_build(method: BuildMethod, function: Extracted) -> Choice | None:
    """Let ``Image.run_function`` run the method, made a function, on the images of the classes."""
    changes: list[Change] = []
    start, source = function.place, method.module.source
    for found in method.classes:
        if found.module is not method.module or _is_opaque(found):
            return None
        step = f".run_function({', '.join([function.name, *_options(method, found)])})"
        extension = extend_image(found, step, build_step=True)
        if extension is None or extension.others:
            return None
        place = place_of(method, function, found, extension.changes)
        copies = list(_copies(found, extension.changes))
        if place is None or None in copies:
            return None
        function = replace(function, place=place)
        changes += [*extension.changes, *(change for change in copies if change is not None)]
    before = blank_above(source, function.place) if function.place != start else ""
    changes = [_insert(method.module, function, before), *changes]
    changes.append(_out_of_class(method))
    return Choice(
        "run-function",
        f"Image.run_function({function.name}) while the image is built",
        "As today: it runs on top of the class's image, with the class's secrets and gpu, and its files stay there. "
        + ("A cold start does its work again, as today." if method.enters else "A cold start does nothing of it."),
        tuple(dict.fromkeys(changes)),
    )


def _out_of_class(method: BuildMethod) -> Change:
    """Take the method out, or its decorator alone where something still calls it."""
    stays = method.enters or method.is_called
    return _drop(method.module, method.decorator) if stays else removal(method.module, method.owner, method.node)


def _is_opaque(found: Deployed) -> bool:
    """Tell whether a class has options that cannot be carried over: splatted ones, mounts, also its app's."""
    return _has_mounts(found) or any(item.arg is None for item in found.call.keywords)


def _has_mounts(found: Deployed) -> bool:
    calls = [found.call, *([found.app.call] if found.app is not None else [])]
    return any(keyword(call, "mounts") is not None for call in calls)


def _insert(module: Module, function: Extracted, before: str) -> Change:
    newline = module.source.newline
    text = f"{before}{function.text}{newline}{newline}{newline}"
    return Replace(module.source.path, Span(function.place, function.place), text)


def _options(method: BuildMethod, found: Deployed) -> Iterator[str]:
    """Yield the arguments of ``run_function`` that make it run as the build method did."""
    yield from _carried(found, CARRIED)
    yield _timeout(method)
    force = _given(method).get("force", "False")
    if force != "False":
        yield f"force_build={force}"


def _timeout(method: BuildMethod) -> str:
    """Return the time that the build method had: what it was given, else a day."""
    return f"timeout={_given(method).get('timeout', _DAY)}"


def _given(method: BuildMethod) -> dict[str | None, str]:
    """Return the arguments of ``build`` as they are written."""
    source = method.module.source
    return {item.arg: source.written(item.value) for item in method.options}


def _carried(found: Deployed, names: tuple[str, ...]) -> Iterator[str]:
    source = found.module.source
    for item in found.call.keywords:
        text = source.written(item.value)
        if item.arg in names:
            yield f"{item.arg}={text}"
        elif item.arg == "secret":
            yield f"secrets=[{text}]"


def _copies(found: Deployed, extension: tuple[Change, ...]) -> Iterator[Change | None]:
    """Yield what makes a build step after files that a named image adds possible: ``copy=True``."""
    if found.image is None:
        return
    is_inline = found.source is ImageSource.OWN or any(isinstance(change, Extend) for change in extension)
    inline = set(walk(found.image)) if is_inline else set()
    for call in uncopied(found.image_module, found.image):
        if call in inline:
            continue
        home = next((each for each in (found.image_module, found.module) if call in each.index.parents), None)
        if home is None or keyword(call, "copy") is not None:
            yield None
        else:
            yield AddArgument(home.source.path, home.source.span(call), "copy=True")


def by_hand(method: BuildMethod, function: Extracted, directory: str) -> Choice | None:
    """Make the method a function of the app that fills a volume and is run once, before the deployment."""
    found = method.classes[0]
    module = method.module
    if len(method.classes) != 1 or found.module is not module or _is_opaque(found) or method.enters:
        return None
    image = keyword(found.call, "image")
    if image is not None and not isinstance(image.value, (ast.Name, ast.Attribute)):
        return None
    assert isinstance(found.call.func, ast.Attribute)
    app = module.source.written(found.call.func.value)
    asked = ask(method, found, directory)
    volume, needed = named_volume(method, found, asked)
    mounted = mount(method, found, Cache(directory, directory), volume)
    if mounted is None:
        return None
    given = [*_carried(found, ("image", *(name for name in CARRIED if name != "volumes")))]
    options = ", ".join([*given, f"volumes={{{directory}: {volume}}}", _timeout(method)])
    header = f"@{app}.function({options}){module.source.newline}"
    changes = (*needed, _insert(module, function, header), *mounted, _out_of_class(method))
    return Choice(
        "volume-function",
        f"a Volume at {directory.strip(chr(34))}, filled by a function that you run",
        f"Run it once before you deploy (modal run {module.source.path}::{function.name}); containers then find the "
        "files in the Volume.",
        changes,
        (asked,),
    )


def method_choices(method: BuildMethod) -> tuple[list[Choice], list[str]]:
    """Return the choices, the recommended one first, and why there are no others.

    A volume comes first, as the guide has it, unless the method writes files of its own or would load them a second
    time at every cold start; what keeps the files comes before what does not.
    """
    loads = downloads(method)
    again = is_loaded_again(method, loads)
    plain = without_build(method, again) if method.enters or again else None
    if not method.classes:
        return [plain] if method.enters and plain else [], ["no class of an app is seen that has this method"]
    if only_tidies(method):
        built, _, reasons = _as_function(method, loads)
        without = plain if plain is not None else None if method.is_called else deleted(method)
        return [each for each in (without, built) if each is not None], reasons
    kept = cache(method, loads)
    volume = cached(method, kept, again) if kept is not None else None
    built, by_function, reasons = _as_function(method, loads)
    twice = not method.enters and not again and not only_fetches(loads)
    first = [built, volume] if twice or writes(method) else [volume, built]
    return [each for each in [*first, by_function, plain] if each is not None], reasons


def _as_function(method: BuildMethod, loads: tuple[Download, ...]) -> tuple[Choice | None, Choice | None, list[str]]:
    """Return the choices that make a function of the method, run at build or by hand, and why there are none."""
    try:
        function = extract(method)
    except NotExtractable as reason:
        return None, None, [f"Image.run_function is not offered: {reason}"]
    built, place = at_build(method, function), _place(method, loads)
    missing = "Image.run_function is not offered: the class's image or options are shared or cannot be told"
    if any(map(_has_mounts, method.classes)):
        missing = "Image.run_function can be offered after section 2, once the files of mounts= are the image's"
    return built, by_hand(method, function, place) if place else None, [] if built is not None else [missing]


def _place(method: BuildMethod, loads: tuple[Download, ...]) -> str:
    """Return the one directory that a method writes to, as an expression."""
    for load in loads:
        if load.directory is not None:
            return directory(method, load.directory)
    if loads:
        return ""
    found = {text for node in walk(method.node) for text in [folder(method, node)] if text}
    return found.pop() if len(found) == 1 else ""
