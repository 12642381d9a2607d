"""What uses an image, and how to add to it: at the function that runs in it, or where the image is defined."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable

from msgspec import Struct

from modal_transforms.analysis.calls import keyword
from modal_transforms.analysis.definitions import Definition, Use, definition, definitions, named, uses
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import AddArgument, Change, Extend, ExtendArgument, Span
from modal_transforms.core.patterns import pattern
from modal_transforms.modal_api.deployments import App, Deployed, ImageSource, app_of, deployed, functions_of
from modal_transforms.modal_api.imported_image import app_image_imported
from modal_transforms.modal_api.naming import modal_name
from modal_transforms.rewrite.line_length import line_length

_PRIMARY = (ast.Name, ast.Attribute, ast.Call, ast.Subscript)
_HARMLESS = frozenset({"imports", "run_inside", "object_id"})
_PACKAGES = "add_local_python_source"
_LOCAL = frozenset({"add_local_dir", "add_local_file", _PACKAGES})
_NAMES_ALONE = pattern(rf'\.{_PACKAGES}\(("[\w.]+"(?:, "[\w.]+")*)\)')


class ImageUses(Struct, frozen=True):
    """Who reads an image variable, in all files."""

    functions: tuple[Deployed, ...]
    """Functions and classes that run in it as it is, by their own ``image=`` or by their app's."""
    extended: tuple[Use, ...]
    """Places that make another image of it: ``image.pip_install(...)``."""
    other: tuple[Use, ...]
    """Other places: sandboxes, arguments of functions, lists."""


def image_uses(image: Definition) -> ImageUses:
    """Return who reads an image variable."""
    functions: list[Deployed] = []
    extended: list[Use] = []
    other: list[Use] = []
    for use in uses(image):
        kind = _kind(use)
        if isinstance(kind, Deployed):
            functions.append(kind)
        elif isinstance(kind, App):
            functions += (found for found in functions_of(kind) if found.source is ImageSource.APP)
        elif kind == "extended":
            extended.append(use)
        elif kind == "other":
            other.append(use)
    return ImageUses(tuple(dict.fromkeys(functions)), tuple(extended), tuple(other))


def _kind(use: Use) -> Deployed | App | str:
    module, node = use.module, use.node
    around = module.index.parents.get(node)
    if isinstance(around, ast.Attribute):
        return "harmless" if around.attr in _HARMLESS else "extended"
    call = module.index.parents.get(around) if isinstance(around, ast.keyword) and around.arg == "image" else None
    if isinstance(call, ast.Call):
        found = next((each for each in deployed(module) if each.call is call), None)
        app = app_of(module, call)
        return found or app or "other"
    if isinstance(around, ast.Assign) and isinstance(around.targets[0], ast.Attribute):
        return app_of(module, around.targets[0].value) or "other"
    return "other"


def image_definition(found: Deployed) -> Definition | None:
    """Return the assignment that a function's image is the name of; ``None`` for chains and the like."""
    return definition(found.image_module, found.image) if found.image is not None else None


def named_base(found: Deployed) -> Definition | None:
    """Return the assignment of the image that a function only adds local files to, at its decorator."""
    image = found.image
    if image is None or not _is_uncopied(found.image_module, image):
        return None
    while _is_uncopied(found.image_module, image):
        assert isinstance(image, ast.Call)
        assert isinstance(image.func, ast.Attribute)
        image = image.func.value
    return definition(found.image_module, image)


def only_adds_to(image: Definition, use: Use) -> Deployed | None:
    """Return the function at whose decorator a use only adds local files to an image; ``None`` for other uses."""
    place = use.module.source.span(use.node)
    for found in deployed(use.module):
        if found.image is None or found.image_module is not use.module:
            continue
        if use.module.source.span(found.image).contains(place) and named_base(found) == image:
            return found
    return None


def uncopied(module: Module, image: ast.expr) -> tuple[ast.Call, ...]:
    """Return the ``add_local_*`` calls without ``copy=True`` at the end of an image's chain, names followed.

    A build step after them fails when the image is built.
    """
    found: list[ast.Call] = []
    for _ in range(100):
        if _is_uncopied(module, image):
            assert isinstance(image, ast.Call)
            assert isinstance(image.func, ast.Attribute)
            found.append(image)
            image = image.func.value
            continue
        base = definition(module, image)
        if base is None or base.value is None:
            break
        module, image = base.module, base.value
    return tuple(found)


def _is_uncopied(module: Module, node: ast.expr) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _LOCAL):
        return False
    copy = keyword(node, "copy")
    copied = copy is not None and not (isinstance(copy.value, ast.Constant) and copy.value.value is False)
    return not copied and module.symbol(node.func.value) == "modal.Image()"


class Extension(Struct, frozen=True):
    """How to add to the image of a function: the changes, and the other functions that get it too."""

    changes: tuple[Change, ...]
    others: tuple[Deployed, ...] = ()


def extend_image(
    found: Deployed, *links: str, build_step: bool = False, instead: Span | None = None, alone: bool = False
) -> Extension | None:
    """Add calls (``.add_local_dir("data", "/data")``) to the image of one function, at its decorator.

    Without ``image=`` it gets one, made of the app's image or of Modal's default; ``instead`` is an argument whose
    place that takes. Build steps go before files that are added without ``copy=True``. ``None`` when it cannot be told
    what the image is. An app's image that has no name is extended where it is written, for ``others`` as well; with
    ``alone`` its name is imported where it has one in the file that the app comes from.
    """
    if found.source is ImageSource.OWN and found.image is not None:
        return Extension(extend_expression(found.module, found.image, *links, build_step=build_step))
    if found.source is ImageSource.APP and found.app is not None and found.image is not None:
        base: str | None = _name_here(found)
        needed: tuple[Change, ...] = ()
        if base is None and alone:
            base, needed = app_image_imported(found)
        if base is None:
            if found.module is not found.image_module and not _mean_the_same(found, links):
                return None
            others = [each for each in functions_of(found.app) if each.source is ImageSource.APP and each != found]
            changes = extend_expression(found.image_module, found.image, *links, build_step=build_step)
            return Extension(changes, tuple(others))
        return Extension(_new_argument(found, base, needed, links, build_step, instead))
    if found.source is ImageSource.DEFAULT:
        name, imports = modal_name(found.module, found.call, "Image")
        return Extension(_new_argument(found, f"{name}.debian_slim()", imports, links, build_step, instead))
    return None


def _mean_the_same(found: Deployed, links: tuple[str, ...]) -> bool:
    """Tell whether all names in some calls mean in the file of a function's image what they mean in its own."""
    trees = [ast.parse(f"_{link}", mode="eval") for link in links]
    names = {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)} - {"_"}
    meant = ((named(found.module, name), named(found.image_module, name)) for name in names)
    return all(here and here == there for here, there in meant)


def _new_argument(
    found: Deployed, base: str, needed: Iterable[Change], links: tuple[str, ...], build_step: bool, instead: Span | None
) -> tuple[Change, ...]:
    path = found.module.source.path
    columns = line_length(found.module)
    made = [
        ExtendArgument(path, found.span, "image", base, link, not build_step, instead, columns=columns)
        for link in links
    ]
    return (*made, *needed)


def _name_here(found: Deployed) -> str | None:
    """Return how the app's image is written in a function's file, when it has a name there."""
    if found.image is None or not isinstance(found.image, (ast.Name, ast.Attribute)):
        return None
    meant = definitions(found.image_module, found.image)
    if len(meant) != 1:
        return None
    if found.module is found.image_module:
        bindings = found.module.index.module.bindings.get(meant[0].name, [])
        return found.module.source.written(found.image) if len(bindings) == 1 else None
    for name in found.module.index.module.bindings:
        if named(found.module, name) == meant:
            return name
    return None


def own_definition(found: Deployed, among: Container[Deployed]) -> Definition | None:
    """Return the assignment of a function's image when it is in its file and only functions ``among`` run in it."""
    image = image_definition(found)
    if image is None or image.module is not found.module or image.value is None or not image.is_plain:
        return None
    if image.binding.scope is not image.module.index.module or image.module.symbol(image.value) != "modal.Image()":
        return None
    used = image_uses(image)
    alone = not used.extended and not used.other and all(each in among for each in used.functions)
    return image if alone else None


def extend_definition(image: Definition, *links: str, build_step: bool = False) -> tuple[Change, ...] | None:
    """Add calls to an image where its variable is assigned; ``None`` when that is not an assignment."""
    if image.value is None:
        return None
    return extend_expression(image.module, image.value, *links, build_step=build_step)


def extend_expression(module: Module, image: ast.expr, *links: str, build_step: bool = False) -> tuple[Change, ...]:
    """Add calls to the end of an image's expression, each on a line of its own where the chain is laid out so.

    Names of packages go into the call that ends the chain, where that is ``add_local_python_source`` of names alone.
    """
    source = module.source
    while build_step and _is_uncopied(module, image):
        assert isinstance(image, ast.Call)
        assert isinstance(image.func, ast.Attribute)
        image = image.func.value
    span = source.span(image)
    wrap = not isinstance(image, _PRIMARY)
    separator = "" if wrap else line_of_its_own(module, image)
    at = _after_comment(module, span.end) if separator and not build_step else span.end
    columns = line_length(module)
    return tuple(
        _more_names(module, image, link)
        or Extend(source.path, span, at, f"{separator}{link}", wrap=wrap, last=not build_step, columns=columns)
        for link in links
    )


def _more_names(module: Module, image: ast.expr, link: str) -> AddArgument | None:
    """Return how the last call of a chain takes the names of a link; ``None`` where they need a call of their own.

    A package and a part of it do not go into one call: the files of the part would be in it twice.
    """
    names = _NAMES_ALONE.fullmatch(link)
    if names is None or not isinstance(image, ast.Call) or not isinstance(image.func, ast.Attribute):
        return None
    given = [str(arg.value) for arg in image.args if isinstance(arg, ast.Constant)]
    plain = given and len(given) == len(image.args) and not image.keywords
    if image.func.attr != _PACKAGES or not plain or module.symbol(image.func.value) != "modal.Image()":
        return None
    added = [name.strip(' "') for name in names[1].split(",")]
    if {name.partition(".")[0] for name in added} & {name.partition(".")[0] for name in given}:
        return None
    return AddArgument(module.source.path, module.source.span(image), names[1])


def line_of_its_own(module: Module, node: ast.expr) -> str:
    """Return the line end and indentation that begin the last link of a chain, when it begins a line."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return ""
    source = module.source
    dot = source.attribute_word(node.func).start - 1
    line = source.line_at(dot)
    indent = source.slice(Span(line.start, dot))
    if indent.strip() or source.data[dot : dot + 1] != b".":
        return ""
    between = source.slice(Span(source.span(node.func.value).end, dot))
    return (" \\" if "\\" in between else "") + source.newline + indent


def _after_comment(module: Module, end: int) -> int:
    """Return the end of a comment that follows on the same line, else ``end``."""
    source = module.source
    rest = source.slice(Span(end, source.line_at(end).end))
    text = rest.rstrip("\r\n")
    return end + len(source.encode(text.rstrip())) if text.lstrip().startswith("#") else end
