"""Image.copy_local_* → add_local_*.

The new methods exist since 0.66.40, the old ones warn from 0.72.11 on and are gone in 1.1.0. ``copy=True`` makes an
image layer, as the old methods did. Remote paths have to be absolute now; relative ones counted from the working
directory of the build, which is ``/`` unless the image says otherwise.
Guide: https://modal.com/docs/guide/modal-1-0-migration#deprecating-imagecopy_-methods

    image.copy_local_dir("data", "/data")        ->    image.add_local_dir("data", "/data", copy=True)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from modal_transforms.analysis.calls import argument
from modal_transforms.analysis.definitions import origin
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import AddArgument, Applicability, Change, Choice, Finding, Replace, Section, Span
from modal_transforms.modal_api.deployments import Deployed, deployed
from modal_transforms.modal_api.ignore_predicates import looks_at_names_only
from modal_transforms.modal_api.image_chain import assigned, chain_after, nothing_follows
from modal_transforms.modal_api.images import image_uses
from modal_transforms.modal_api.spellings import How, Spellings, spelled
from modal_transforms.sections.image_copy.remote_path import Target, target

SECTION = Section(
    number=1,
    slug="image-copy",
    title="Image.copy_* → add_local_*",
    anchor="deprecating-imagecopy_-methods",
    since="0.72.11",
    breaks_in="1.1.0",
    subject="replace Image.copy_local_* by add_local_*",
    what=(
        "Image.copy_local_file and Image.copy_local_dir are now add_local_file and add_local_dir. The "
        "new methods want an absolute remote path, and add files when a container starts unless "
        "copy=True makes an image layer, as before."
    ),
    why=(
        "From 1.1.0 the old methods do not exist. copy=True keeps what runs: later build steps need the "
        "files in a layer."
    ),
    before='image = modal.Image.debian_slim().copy_local_dir("data", "/data")',
    after='image = modal.Image.debian_slim().add_local_dir("data", "/data", copy=True)',
)

SPELLINGS = Spellings((spelled(How.METHOD, "copy_local_file copy_local_dir"),))

METHODS = {"copy_local_file": "add_local_file", "copy_local_dir": "add_local_dir"}
LAYER = "An image layer, as before: later build steps see the files."
AT_START = (
    "Files are added when a container starts, not built in: changing them rebuilds nothing. Do not add build steps "
    "after it."
)


class Copy(Struct, frozen=True):
    """One call of an old method."""

    module: Module
    call: ast.Call
    name: ast.Attribute

    @property
    def old(self) -> str:
        """The old method."""
        return self.name.attr

    @property
    def new(self) -> str:
        """The method that does the same."""
        return METHODS[self.old]

    @property
    def path(self) -> str:
        """The file's path."""
        return self.module.source.path

    @property
    def span(self) -> Span:
        """The whole call, with the image it is called on."""
        return self.module.source.span(self.call)

    @property
    def method(self) -> Span:
        """The method's name."""
        end = self.module.source.span(self.name).end
        return Span(end - len(self.old), end)

    @property
    def is_file(self) -> bool:
        """Tell whether one file is copied."""
        return self.old == "copy_local_file"


def find(module: Module) -> Iterator[Finding]:
    """Yield the calls of ``copy_local_file`` and ``copy_local_dir``."""
    for call in module.index.calls:
        name = call.func
        if isinstance(name, ast.Attribute) and name.attr in METHODS:
            copy = Copy(module, call, name)
            if module.symbol(name) == f"modal.Image().{name.attr}":
                yield _finding(copy)
            elif module.resolve(name.value) is None and (users := _users(copy)):
                yield _of_unseen_image(_finding(copy), users)


def _finding(copy: Copy) -> Finding:
    module, call = copy.module, copy.call
    place = Span(copy.method.start, copy.span.end)
    evidence = module.evidence(call.func)
    message = f"{copy.old} is now {copy.new}"
    local = argument(call, 0, "local_path")
    if local is None or _is_splatted(call):
        advice = f"Write {copy.new}(…, copy=True) with an absolute remote path."
        return module.finding(SECTION, "image-copy-splat", place, message, Applicability.MANUAL, (), evidence, advice)
    remote = argument(call, 1, "remote_path")
    meant = target(module, copy.name, local, remote, copy.is_file)
    common = (Replace(copy.path, copy.method, copy.new), *_ignore(copy))
    choices = tuple(_choices(copy, meant, remote, common))
    doubts = [*filter(None, [meant.doubt]), *_doubts_of_ignore(copy)]
    applicability = Applicability.REVIEW if doubts else Applicability.SAFE
    if not choices:
        advice = f"Write {copy.new}(…, copy=True) with an absolute remote path. {meant.doubt}"
        applicability = Applicability.MANUAL
    else:
        advice = " ".join(doubts) or _ignore_advice(call)
    return module.finding(
        SECTION, meant.rule, place, message, applicability, choices, (*evidence, *meant.evidence), advice
    )


def _is_splatted(call: ast.Call) -> bool:
    return any(isinstance(item, ast.Starred) for item in call.args) or any(item.arg is None for item in call.keywords)


def _ignore(copy: Copy) -> tuple[Change, ...]:
    """A third positional argument, ``ignore``, has to be named now."""
    if len(copy.call.args) < 3:
        return ()
    start = copy.module.source.span(copy.call.args[2]).start
    return (Replace(copy.path, Span(start, start), "ignore="),)


def _doubts_of_ignore(copy: Copy) -> Iterator[str]:
    """Yield what to look at where files are chosen by a predicate that judges by more than their names."""
    given = argument(copy.call, 2, "ignore")
    if given is not None and not _is_patterns(copy.module, given) and not looks_at_names_only(copy.module, given):
        yield f"The value of ignore= may judge by the whole path. {_ignore_advice(copy.call)}"


def _is_patterns(module: Module, node: ast.expr) -> bool:
    """Tell whether what is ignored is said by patterns: in a list, or by ``modal.FilePatternMatcher``."""
    home, value = origin(module, node)
    if isinstance(value, ast.UnaryOp):
        return _is_patterns(home, value.operand)
    matcher = isinstance(value, ast.Call) and home.symbol(value.func).endswith("FilePatternMatcher")
    return matcher or isinstance(value, (ast.List, ast.Tuple, ast.Constant))


def _ignore_advice(call: ast.Call) -> str:
    if argument(call, 2, "ignore") is None:
        return ""
    return "From 0.76.0 on, ignore gets paths relative to the added folder, no longer absolute ones."


def _choices(copy: Copy, meant: Target, remote: ast.expr | None, common: tuple[Change, ...]) -> Iterator[Choice]:
    layer = AddArgument(copy.path, copy.span, "copy=True")
    mounted = nothing_follows(copy.module, copy.call)
    for index, way in enumerate(meant.ways):
        path = _path_changes(copy, remote, way.text, way.before, way.after)
        label = f"{copy.new}(…, copy=True)" if not way.label else f"{copy.new}(…, copy=True), {way.label}"
        key = way.key or "copy"
        yield Choice(key, label, f"{way.effect} {LAYER}".strip(), (*common, *path, layer), way.asks)
        if mounted and index == 0:
            effect = f"{way.effect} {AT_START}".strip()
            yield Choice("mount", f"{copy.new}(…), without a layer", effect, (*common, *path), way.asks)


def _path_changes(copy: Copy, remote: ast.expr | None, text: str, before: str, after: str) -> tuple[Change, ...]:
    """Return what gives the call the remote path that is meant: a new text, or something around the old one."""
    if remote is None:
        named = len(copy.call.args) != 1 or bool(copy.call.keywords)
        return (AddArgument(copy.path, copy.span, f"remote_path={text}" if named else text),)
    span = copy.module.source.span(remote)
    if text:
        return (Replace(copy.path, span, text),)
    made = ((Span(span.start, span.start), before), (Span(span.end, span.end), after))
    return tuple(Replace(copy.path, at, added) for at, added in made if added)


def _users(copy: Copy) -> tuple[Deployed, ...]:
    """Return the functions and classes that run in the image that the chain gives."""
    module = copy.module
    end = [copy.call, *chain_after(module, copy.call)][-1]
    given = module.index.parents.get(end)
    if isinstance(given, ast.keyword) and given.arg == "image":
        return tuple(found for found in deployed(module) if found.call is module.index.parents[given])
    return tuple(user for found in assigned(module, end) for user in image_uses(found).functions)


def _of_unseen_image(found: Finding, users: tuple[Deployed, ...]) -> Finding:
    """The image comes from code that is not there; that Modal functions run in it is why it is one."""
    if found.applicability is Applicability.MANUAL:
        return found
    reason = f"{users[0].name} runs in it: image= at line {users[0].call.lineno}"
    doubt = "Where the image comes from cannot be seen: check that it is a modal.Image."
    return replace(
        found,
        applicability=Applicability.REVIEW,
        evidence=(*found.evidence, reason),
        advice=f"{doubt} {found.advice}".strip(),
    )
