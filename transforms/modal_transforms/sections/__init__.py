"""The sections of Modal's migration guide, in guide order.

The module of a section has ``SECTION`` (what it is about), ``find``, which yields the findings of one parsed file, and
``SPELLINGS`` (what reads like its old uses). It is imported only when it is asked for, or when a file may hold a
finding: most files have to do with one or two sections.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from msgspec import Struct

from modal_transforms.core.model import Finding, Section

if TYPE_CHECKING:
    from modal_transforms.analysis.module import Module
    from modal_transforms.modal_api.spellings import Spellings


class SectionModule(Protocol):
    """What the module of a section offers; it is called like the section, with ``_`` for ``-``."""

    SECTION: Section
    SPELLINGS: Spellings

    def find(self, module: Module) -> Iterator[Finding]:
        """Yield what a file holds of this section, in source order."""


class SectionRule(Struct, frozen=True):
    """A section, and how to tell from the bytes of a file that it cannot hold anything of it."""

    slug: str
    HINTS: tuple[bytes, ...]
    """Words without which a file that does not import Modal itself cannot hold its old spellings.

    One that begins with a dot is the name of an attribute, however far from its dot it is written.
    """
    words: tuple[bytes, ...]
    """Words without which no file can."""
    borrows: bool = False
    """Whether a file can without any of them, by what it imports from another one under another name."""
    lends: bool = False
    """Whether a file can without any of them, by what others import from it."""

    def may_find(self, module: Module) -> bool:
        """Tell whether a file may hold a finding of this section."""
        data = module.source.data
        for word in self.words:
            if word in data:
                return True
        project = module.project
        if project is None:
            return False
        return (self.borrows and project.may_borrow(module)) or (self.lends and project.is_imported(module.source.path))

    def find(self, module: Module) -> Iterator[Finding]:
        """Return what a file holds of this section, in source order."""
        return self._home.find(module) if self.may_find(module) else iter(())

    @property
    def SECTION(self) -> Section:
        """What it is about."""
        return self._home.SECTION

    @property
    def SPELLINGS(self) -> Spellings:
        """How its old uses are written, whoever's they are."""
        return self._home.SPELLINGS

    @property
    def _home(self) -> SectionModule:
        return _loaded(self.slug)


_PACKAGES = {"build": "build_decorator"}
"""A folder called ``build`` is one that tools pass over."""


@cache
def _loaded(slug: str) -> SectionModule:
    return cast("SectionModule", import_module(f"{__name__}.{_PACKAGES.get(slug) or slug.replace('-', '_')}"))


_COPIES = (b"copy_local_file", b"copy_local_dir")
_SCALING = (b"keep_warm", b"concurrency_limit", b"container_idle_timeout", b"_experimental_buffer_containers")
_CALLS = (
    *(b".remote", b".remote_gen", b".spawn", b".spawn_map", b".map", b".starmap", b".for_each", b".local"),
    *(b".web_url", b".get_web_url", b".get_current_stats", b".update_autoscaler", b".hydrate", b".resolve"),
)
_GPUS = (b"A100", b"A10G", b"H100", b"L4", b"T4", b".Any", b"Any(")
_COMMANDS = (b"modal run", b"modal deploy", b"modal serve", b"modal shell")
_LISTED = (b'"modal"', b"'modal'", b'/modal"', b"/modal'")

REGISTRY: tuple[SectionRule, ...] = (
    SectionRule("image-copy", _COPIES, _COPIES),
    SectionRule("mount", (b"mounts", b"copy_mount", b"context_mount"), (b"mount", b"Mount")),
    SectionRule("build", (), (b"build",), borrows=True),
    SectionRule("local-source", (b".function", b".cls"), (), borrows=True, lends=True),
    SectionRule("autoscaler", _SCALING, _SCALING),
    SectionRule(
        "fastapi-endpoint",
        (b"web_endpoint", b"wait_for_response"),
        (b"web_endpoint", b"wait_for_response", b"webhook", b"asgi", b"wsgi"),
    ),
    SectionRule("concurrent", (b"allow_concurrent_inputs",), (b"allow_concurrent_inputs",)),
    SectionRule(
        "lookup",
        (b"lookup", b"from_name", b".web_url", b".resolve"),
        (b"lookup", b"web_url", b"resolve", b"label", b"tag", b"namespace"),
    ),
    SectionRule("cls-parameters", (b".cls",), (b"cls",), borrows=True),
    SectionRule("cls-lookup", _CALLS, (b"cls", b"Cls", b"lookup", b"from_name"), borrows=True),
    SectionRule("gpu", _GPUS, (b"gpu",)),
    SectionRule("module-mode", (*_LISTED, *_COMMANDS), (b"run", b"deploy", b"serve", b"shell")),
)
"""Guide order."""


@cache
def every_section() -> tuple[Section, ...]:
    """Return what all sections are about, in guide order."""
    return tuple(rule.SECTION for rule in REGISTRY)


def section(slug: str) -> Section:
    """Return the section called ``slug``; ``KeyError`` when there is none."""
    for rule in REGISTRY:
        if rule.slug == slug:
            return rule.SECTION
    raise KeyError(slug)
