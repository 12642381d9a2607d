"""The sections in three groups: what comes before Modal's migration guide, the guide in its order, what comes after.

The package of a section has ``SECTION`` (what it is about) and ``find``, which yields the findings of one parsed file;
some have ``SPELLINGS`` (what reads like its old uses). It is imported only when it is asked for, or when a file may
hold a finding: most files have to do with one or two sections.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from msgspec import Struct
from msgspec.structs import replace

from modal_transforms.analysis.word_finder import WordFinder
from modal_transforms.core.model import Finding, Section
from modal_transforms.core.target import TARGET, Goal

if TYPE_CHECKING:
    from modal_transforms.analysis.module import Module
    from modal_transforms.modal_api.spellings import Spellings


class Group(enum.Enum):
    """When a section is dealt with, seen from the guide; the value is the heading that it stands under."""

    BEFORE = "Before the guide"
    GUIDE = "The guide"
    AFTER = "After the guide"


class SectionPackage(Protocol):
    """What the package of a section offers."""

    SECTION: Section

    def find(self, module: Module) -> Iterator[Finding]:
        """Yield what a file holds of this section, in source order."""


class SectionRule(Struct, frozen=True):
    """A section, its package, and how to tell from the bytes of a file that it cannot hold anything of it."""

    slug: str
    hints: tuple[bytes, ...]
    """Words without which a file that does not import Modal itself cannot hold its old spellings.

    One that begins with a dot is the name of an attribute, however far from its dot it is written.
    """
    words: tuple[bytes, ...]
    """Words without which no file can."""
    borrows: bool = False
    """Whether a file can without any of them, by what it imports from another one under another name."""
    lends: bool = False
    """Whether a file can without any of them, by what others import from it."""
    title: str = ""
    """The title of a section that is named where nothing of it is found: its package is not loaded for that."""
    package: str = ""
    """The name of its folder below this one; empty where that is as its ``slug``."""

    def may_find(self, module: Module) -> bool:
        """Tell whether a file may hold a finding of this section."""
        return self.slug in module.once(_may_be_in)

    def find(self, module: Module) -> Iterator[Finding]:
        """Yield what a file holds of this section, in source order."""
        yield from self.own(self._loaded.find(module) if self.may_find(module) else ())

    def own(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield findings as those of this section."""
        return (replace(finding, section=self.slug) for finding in findings)

    @property
    def group(self) -> Group:
        """When it is dealt with."""
        return group_of(self.slug)

    @property
    def section(self) -> Section:
        """What it is about."""
        return self._loaded.SECTION

    @property
    def spellings(self) -> Spellings:
        """How its old uses are written, whoever's they are; nothing where nobody looks for them."""
        from modal_transforms.modal_api.spellings import Spellings

        return getattr(self._loaded, "SPELLINGS", None) or Spellings()

    @property
    def module_name(self) -> str:
        """The full name of its package."""
        return f"{__name__}.{self.package or self.slug.replace('-', '_')}"

    @property
    def _loaded(self) -> SectionPackage:
        return _package(self.module_name)


@cache
def _package(name: str) -> SectionPackage:
    return cast("SectionPackage", import_module(name))


_COPIES = (b"copy_local_file", b"copy_local_dir")
_SCALING = (b"keep_warm", b"concurrency_limit", b"container_idle_timeout", b"_experimental_buffer_containers")
_CALLS = (
    *(b".remote", b".remote_gen", b".spawn", b".spawn_map", b".map", b".starmap", b".for_each", b".local"),
    *(b".web_url", b".get_web_url", b".get_current_stats", b".update_autoscaler", b".hydrate", b".resolve"),
)
_GPUS = (b"A100", b"A10G", b"H100", b"L4", b"T4", b".Any", b"Any(")
_COMMANDS = (b"modal run", b"modal deploy", b"modal serve", b"modal shell")
_LISTED = (b'"modal"', b"'modal'", b'/modal"', b"/modal'")

_SHARED = (b"SharedVolume", b"shared_volumes")
_OLD_IMAGES = (b".from_dockerhub", b".conda", b"conda_", b"create_package_mounts", b"FileType")
_DEAD = (
    *(b"_allow_background_volume_commits", b"_experimental_boost", b"_experimental_scheduler", b"_experimental_gpus"),
    *(b"interactive", b"checkpointing_enabled", b"show_progress", b"is_generator"),
)
_APP_OBJECTS = (
    *(b".run_inside", b"is_inside", b"ClsMixin", b".remote", b".image", b"container_app"),
    *(b".interactive_shell", b".set_description", b".indexed_objects"),
)
_OLD_ENDPOINTS = (b".webhook", b".asgi", b".wsgi", b".web_endpoint", b".asgi_app", b".wsgi_app")
_OLD_CALLS = (b".call", b".submit", b".spawn_sandbox", b".get_raw_f", b"gather", b"modal.lookup", b".deploy")
_HOOKS = (b"__enter__", b"__aenter__", b"__exit__", b"__aexit__")
_PERSISTENT = (b".persisted", b".persist", b".new")
_CLASSES = (b"Volume(", b"NetworkFileSystem(", b"Dict(", b"Queue(")
_STUBS = (b"Stub", b"stub")
_ARGUMENTS_1X = (
    *(b"max_inputs", b"pty_info", b"cidr_allowlist", b"environment_name", b"set_tags", b"show_progress"),
    *(b"wrap_returned_exceptions", b"workspace", b"data", b"_experimental_", b"cross_region"),
)
_NAMES_1X = (
    *(
        b"experimental",
        b"members",
        b"PendingDeprecationError",
        b"FilesystemExecutionError",
        b"snapshot",
        b"registered_",
    ),
    *(b"workspace_billing_report", b"set_description", b"set_env_client", b"ensure_env", b"_experimental_", b"stub"),
)

_OLD_COMMANDS = (b"modal ", b'modal"', b"modal'", b"modal)", b"modal}", b"MODAL")

_SETTINGS = (b"MODAL_ASYNC_WARNINGS", b"MODAL_DEFAULT_CLOUD")
_BARE = tuple(
    b"%b%b" % (name, end)
    for name in (b".function", b".cls", b"entrypoint", b"method", b"enter", b"exit", b"_endpoint")
    for end in (b"\n", b"\r", b" ")
)
_FORMS = (
    *_BARE,
    *(b"from_name(", b".run(", b"retries", b".env", b"listdir", b"iterdir", b"block_network", b"Sandbox.list"),
    *(b"gpu", b"gi_app", b"GRPCError", b"unencrypted", b"with_options(", b"deploy_app", b"ephemeral"),
    *(
        b"runner",
        b"volumes",
        b"Client(",
        b"Cls(",
        b"Environment(",
        b"Function(",
        b"FunctionCall(",
        b"Image(",
        b"Proxy(",
        b"Sandbox(",
    ),
)

BEFORE: tuple[SectionRule, ...] = (
    SectionRule("stub-app", (*_STUBS, b".app", b"modal.aio"), (*_STUBS, b".app", b"app[", b"modal.aio")),
    SectionRule("persisted", _PERSISTENT, (b"persist", b"new", *_CLASSES), borrows=True),
    SectionRule("secrets", (b"secret",), (b"secret", b"Secret")),
    SectionRule("shared-volumes", _SHARED, _SHARED),
    SectionRule("old-images", _OLD_IMAGES, (*_OLD_IMAGES, b"pip_install", b".extend", b"setup_commands")),
    SectionRule("lifecycle-hooks", (), _HOOKS, lends=True),
    SectionRule("app-objects", _APP_OBJECTS, _APP_OBJECTS, borrows=True),
    SectionRule("old-endpoints", _OLD_ENDPOINTS, _OLD_ENDPOINTS),
    SectionRule("removed-arguments", _DEAD, _DEAD),
    SectionRule(
        "old-calls",
        _OLD_CALLS,
        (*_OLD_CALLS, b".enqueue", b".get_gen", b".function", b"import lookup", b", lookup"),
        borrows=True,
    ),
)
"""What has to be done before the guide is followed; the guide's sections look at the result."""
GUIDE: tuple[SectionRule, ...] = (
    SectionRule("image-copy", _COPIES, _COPIES, title="Image.copy_* → add_local_*"),
    SectionRule(
        "mount", (b"mounts", b"copy_mount", b"context_mount"), (b"mount", b"Mount"), title="Mount → image files"
    ),
    SectionRule("build", (), (b"build",), borrows=True, title="@modal.build", package="build_decorator"),
    SectionRule("local-source", (b".function", b".cls"), (), borrows=True, lends=True, title="Local Python source"),
    SectionRule("autoscaler", _SCALING, _SCALING, title="Autoscaler parameters"),
    SectionRule(
        "fastapi-endpoint",
        (b"web_endpoint", b"wait_for_response"),
        (b"web_endpoint", b"wait_for_response", b"webhook", b"asgi", b"wsgi"),
        title="web_endpoint → fastapi_endpoint",
    ),
    SectionRule(
        "concurrent",
        (b"allow_concurrent_inputs",),
        (b"allow_concurrent_inputs",),
        title="allow_concurrent_inputs → @modal.concurrent",
    ),
    SectionRule(
        "lookup",
        (b"lookup", b"from_name", b".web_url", b".resolve"),
        (b"lookup", b"web_url", b"resolve", b"label", b"tag", b"namespace"),
        title=".lookup → .from_name",
    ),
    SectionRule("cls-parameters", (b".cls",), (b"cls",), borrows=True, title="Cls constructors → modal.parameter"),
    SectionRule(
        "cls-lookup", _CALLS, (b"cls", b"Cls", b"lookup", b"from_name"), borrows=True, title="Cls lookup patterns"
    ),
    SectionRule("gpu", _GPUS, (b"gpu",), title="modal.gpu objects → strings"),
    SectionRule("module-mode", (*_LISTED, *_COMMANDS), (b"run", b"deploy", b"serve", b"shell"), title="modal run -m"),
)
"""The headings of the guide, in its order."""
BACKSTOP = SectionRule("unknown-api", (), (b"modal",), borrows=True)
"""What the newest SDK does not have and none of the others finds: asked last, with what they found."""
AFTER: tuple[SectionRule, ...] = (
    SectionRule("sandbox-files", (), (b"andbox", b"file_io"), borrows=True),
    SectionRule("async-calls", (), (b"async", b"from_id")),
    SectionRule("autoscaler-api", (b".update_autoscaler",), (b"update_autoscaler",)),
    SectionRule("annotations", (), (b": [", b": {", b":[", b":{", b"-> [", b"->[", b", [", b"[[")),
    SectionRule("object-managers", (b"create_deployed",), (b"delete", b"create_deployed")),
    SectionRule("network-file-system", (), (b"NetworkFileSystem", b"network_file_systems")),
    SectionRule(
        "python-version",
        (),
        (b"debian_slim", b"add_python", b"micromamba", b"python = ", b"python=", b"requires-python"),
    ),
    SectionRule("removed-arguments-1x", (), _ARGUMENTS_1X),
    SectionRule("renamed-names-1x", (), _NAMES_1X),
    SectionRule("cli-1x", _SETTINGS, _OLD_COMMANDS),
    SectionRule("refused-forms", (), _FORMS),
    SectionRule("endpoint-images", (), (b"fastapi_endpoint", b"web_endpoint")),
    BACKSTOP,
)
"""What comes after the guide, the backstop last."""
REGISTRY: tuple[SectionRule, ...] = (*BEFORE, *GUIDE, *AFTER)
"""In the order in which they are applied."""
GROUPS: dict[Group, tuple[SectionRule, ...]] = {Group.BEFORE: BEFORE, Group.GUIDE: GUIDE, Group.AFTER: AFTER}
"""The same by group, in the same order."""


_NAMED_BY: dict[bytes, set[str]] = {}
"""The sections that have each word."""
for _rule in REGISTRY:
    for _word in _rule.words:
        _NAMED_BY.setdefault(_word, set()).add(_rule.slug)
_FINDER = WordFinder(_NAMED_BY)
_BORROWING = frozenset(rule.slug for rule in REGISTRY if rule.borrows)
_LENDING = frozenset(rule.slug for rule in REGISTRY if rule.lends)


def _may_be_in(module: Module) -> frozenset[str]:
    """Return the slugs of the sections of which a file may hold a finding."""
    named = [_NAMED_BY[word] for word in _FINDER.held(module.source.data)]
    project = module.project
    borrowing = _BORROWING if project is not None and project.may_borrow(module) else frozenset[str]()
    lending = _LENDING if project is not None and project.is_imported(module.source.path) else frozenset[str]()
    return borrowing.union(lending, *named)


def possible(module: Module, goal: Goal) -> list[SectionRule]:
    """Return the rules that lead to a goal of whose sections a file may hold a finding."""
    slugs = module.once(_may_be_in)
    return [rule for rule in asked(goal) if rule.slug in slugs]


def asked(goal: Goal) -> tuple[SectionRule, ...]:
    """Return the rules of the sections that lead to a goal, in the order in which they are applied.

    Those that the SDK first speaks of after the target are none of them.
    """
    rules = GUIDE if goal.guide_only else REGISTRY
    return rules if goal.target == TARGET else _known_to(goal.target, rules)


def is_due(since: str, breaks_in: str, target: str) -> bool:
    """Tell whether a version warns of what it is told of since a version, or fails on it; both may be empty."""
    from modal_transforms.modal_api.history import version_key

    first = since or breaks_in
    return not first or version_key(first) <= version_key(target)


@cache
def _known_to(target: str, rules: tuple[SectionRule, ...]) -> tuple[SectionRule, ...]:
    return tuple(rule for rule in rules if is_due(rule.section.since, rule.section.breaks_in, target))


@cache
def every_section() -> tuple[Section, ...]:
    """Return what all sections are about, in the order in which they are applied."""
    return tuple(rule.section for rule in REGISTRY)


def group_of(slug: str) -> Group:
    """Return when the section called ``slug`` is dealt with; ``KeyError`` when there is none."""
    for group, rules in GROUPS.items():
        if any(rule.slug == slug for rule in rules):
            return group
    raise KeyError(slug)


def by_group(sections: Iterable[Section]) -> list[tuple[Group, list[Section]]]:
    """Return sections by the group that they are in, without the groups that none of them is in."""
    known = {rule.slug: group for group, rules in GROUPS.items() for rule in rules}
    several = list(sections)
    groups = ((group, [section for section in several if known[section.slug] is group]) for group in Group)
    return [(group, own) for group, own in groups if own]


def place_of(slug: str) -> int:
    """Return the place of a section in the order in which they are applied, from 0; after all for an unknown one."""
    return next((place for place, rule in enumerate(REGISTRY) if rule.slug == slug), len(REGISTRY))


def section(slug: str) -> Section:
    """Return the section called ``slug``; ``KeyError`` when there is none."""
    for rule in REGISTRY:
        if rule.slug == slug:
            return rule.section
    raise KeyError(slug)
