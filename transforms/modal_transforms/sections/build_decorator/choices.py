"""The ways in which a build method can go on doing its work."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.index import walk
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import AddArgument, Ask, Change, Choice, Replace, Span
from modal_transforms.modal_api.deployments import Deployed, ImageSource
from modal_transforms.modal_api.images import extend_image, uncopied
from modal_transforms.modal_api.naming import modal_name
from modal_transforms.sections.build_decorator.extraction import Extracted, NotExtractable, extract
from modal_transforms.sections.build_decorator.frameworks import Download, downloads
from modal_transforms.sections.build_decorator.methods import BuildMethod
from modal_transforms.sections.build_decorator.volumes import Cache, ask, cache, directory, folder, mount, named_volume

_CARRIED = ("secrets", "gpu", "volumes", "cpu", "memory", "network_file_systems")
_DAY = "86400"


def without_build(method: BuildMethod) -> Choice:
    """Take the decorator off a method that runs when a container starts, too."""
    return Choice(
        "enter-only",
        "run it only when a container starts",
        "The image no longer holds its files: each new container does the work, downloads included.",
        (_drop(method.module, method.decorator),),
    )


def _drop(module: Module, decorator: ast.expr) -> Change:
    """Return the change that takes a decorator out, its line with it; a comment beside it stays."""
    source = module.source
    span = source.span(decorator)
    start = source.data.rindex(b"@", 0, span.start)
    line = source.line_span(source.line_of(span.end))
    rest = source.slice(Span(span.end, line.end))
    if rest.lstrip(" \t").startswith("#"):
        return Replace(source.path, Span(start, span.end + len(rest) - len(rest.lstrip(" \t"))), "")
    return Replace(source.path, Span(source.line_span(source.line_of(start)).start, line.end), "")


def cached(method: BuildMethod, kept: Cache) -> Choice | None:
    """Mount a volume where the library keeps its files, and let the method run when a container starts."""
    changes: list[Change] = []
    asked = ask(method, method.classes[0], kept.directory)
    for found in method.classes:
        volume, needed = named_volume(found.module, found.call, asked)
        mounted = mount(found, kept, volume)
        if mounted is None:
            return None
        changes += [*mounted, *needed]
    if method.enters:
        changes.append(_drop(method.module, method.decorator))
    else:
        text, needed = modal_name(method.module, method.decorator, "enter")
        place = method.module.source.span(method.decorator)
        changes += [Replace(method.module.source.path, place, f"{text}()"), *needed]
    return Choice(
        "volume",
        f"a Volume at {kept.shown}, filled by @modal.enter()",
        "The first container downloads into the Volume and later ones find the files there; builds download nothing. "
        "The first start takes as long as the download and counts towards the class's timeout.",
        tuple(dict.fromkeys(changes)),
        (asked,) if _asks(changes, asked) else (),
    )


def _asks(changes: list[Change], asked: Ask) -> bool:
    """Tell whether the text of a change has the value in it that is asked for."""
    return any(asked.placeholder in getattr(change, "text", "") for change in changes)


def at_build(method: BuildMethod, function: Extracted) -> Choice | None:
    """Let ``Image.run_function`` run the method, made a function, on the images of the classes."""
    changes: list[Change] = [_insert(method.module, function, "")]
    for found in method.classes:
        if found.module is not method.module or _is_opaque(found):
            return None
        step = f".run_function({', '.join([function.name, *_options(method, found)])})"
        extension = extend_image(found, step, build_step=True)
        if extension is None or extension.others:
            return None
        copies = list(_copies(found))
        if None in copies:
            return None
        changes += [*extension.changes, *(change for change in copies if change is not None)]
    changes.append(_out_of_class(method, function))
    return Choice(
        "run-function",
        f"Image.run_function({function.name}) while the image is built",
        "As today: it runs on top of the class's image, with the class's secrets and gpu, and its files stay there.",
        tuple(dict.fromkeys(changes)),
    )


def _out_of_class(method: BuildMethod, function: Extracted) -> Change:
    stays = method.enters or method.is_called
    return _drop(method.module, method.decorator) if stays else function.removal


def _is_opaque(found: Deployed) -> bool:
    """Tell whether a class has options that cannot be carried over: splatted ones, mounts."""
    return any(item.arg in {None, "mounts"} for item in found.call.keywords)


def _insert(module: Module, function: Extracted, before: str) -> Change:
    newline = module.source.newline
    text = f"{before}{function.text}{newline}{newline}{newline}"
    return Replace(module.source.path, Span(function.place, function.place), text)


def _options(method: BuildMethod, found: Deployed) -> Iterator[str]:
    """Yield the arguments of ``run_function`` that make it run as the build method did."""
    yield from _carried(found, _CARRIED)
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
    return {item.arg: source.slice(source.span(item.value)) for item in method.options}


def _carried(found: Deployed, names: tuple[str, ...]) -> Iterator[str]:
    source = found.module.source
    for item in found.call.keywords:
        text = source.slice(source.span(item.value))
        if item.arg in names:
            yield f"{item.arg}={text}"
        elif item.arg == "secret":
            yield f"secrets=[{text}]"


def _copies(found: Deployed) -> Iterator[Change | None]:
    """Yield what makes a build step after files that a named image adds possible: ``copy=True``."""
    if found.image is None:
        return
    here = found.image if found.source is ImageSource.OWN else None
    inline = set(walk(here)) if here is not None else set()
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
    app = module.source.slice(module.source.span(found.call.func.value))
    asked = ask(method, found, directory)
    volume, needed = named_volume(module, found.call, asked)
    mounted = mount(found, Cache(directory, directory), volume)
    if mounted is None:
        return None
    given = [*_carried(found, ("image", *(name for name in _CARRIED if name != "volumes")))]
    options = ", ".join([*given, f"volumes={{{directory}: {volume}}}", _timeout(method)])
    header = f"@{app}.function({options}){module.source.newline}"
    changes = (_insert(module, function, header), *mounted, *needed, _out_of_class(method, function))
    return Choice(
        "volume-function",
        f"a Volume at {directory.strip(chr(34))}, filled by a function that you run",
        f"Run it once before you deploy (modal run {module.source.path}::{function.name}); containers then find the "
        "files in the Volume.",
        changes,
        (asked,),
    )


def method_choices(method: BuildMethod) -> tuple[list[Choice], list[str]]:
    """Return the choices, the recommended one first, and why there are no others."""
    plain = [without_build(method)] if method.enters else []
    reasons: list[str] = []
    if not method.classes:
        return plain, ["no class of an app is seen that has this method"]
    loads = downloads(method)
    kept = cache(method, loads)
    found: list[Choice | None] = [cached(method, kept), *plain] if kept is not None else [*plain]
    try:
        function = extract(method)
    except NotExtractable as reason:
        reasons.append(f"it cannot be a function for Image.run_function: {reason}")
    else:
        found.append(at_build(method, function))
        if found[-1] is None:
            reasons.append(
                "Image.run_function is not offered: the class's image or options are shared or cannot be told"
            )
        place = _place(method, loads)
        if place:
            found.append(by_hand(method, function, place))
    return [each for each in found if each is not None], reasons


def _place(method: BuildMethod, loads: tuple[Download, ...]) -> str:
    """Return the one directory that a method writes to, as an expression."""
    for load in loads:
        if load.directory is not None:
            return directory(method, load.directory)
    if loads:
        return ""
    found = {text for node in walk(method.node) for text in [folder(method, node)] if text}
    return found.pop() if len(found) == 1 else ""
