"""The sections of Modal's migration guide, in guide order: what each is about, and what finds it.

The module of a section has ``find``, which yields the findings of one parsed file, and ``SPELLINGS`` (what reads like
its old uses). It is imported only when a file may hold a finding: most files have to do with one or two sections.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from modal_transforms.model import Finding, Section
from modal_transforms.sections import catalogue

if TYPE_CHECKING:
    from modal_transforms.module import Module
    from modal_transforms.spellings import Spellings


@dataclass(frozen=True, slots=True)
class SectionRule:
    """A section, and how to tell from the bytes of a file that it cannot hold anything of it."""

    SECTION: Section
    home: str
    """The module of the section, in this package."""
    HINTS: tuple[bytes, ...]
    """Words without which a file that does not import Modal itself cannot hold its old spellings."""
    words: tuple[bytes, ...]
    """Words without which no file can."""
    borrows: bool = False
    """Whether a file can without any of them, by what it imports from another one under another name."""
    lends: bool = False
    """Whether a file can without any of them, by what others import from it."""

    def may_find(self, module: Module) -> bool:
        """Tell whether a file may hold a finding of this section."""
        data = module.source.data
        if any(word in data for word in self.words):
            return True
        project = module.project
        if project is None:
            return False
        return (self.borrows and project.may_borrow(module)) or (self.lends and project.is_imported(module.source.path))

    def find(self, module: Module) -> Iterator[Finding]:
        """Yield what a file holds of this section, in source order."""
        if self.may_find(module):
            yield from import_module(f"{__name__}.{self.home}").find(module)

    @property
    def SPELLINGS(self) -> Spellings:
        """How its old uses are written, whoever's they are."""
        spellings: Spellings = import_module(f"{__name__}.{self.home}").SPELLINGS
        return spellings


_COPIES = (b"copy_local_file", b"copy_local_dir")
_SCALING = (b"keep_warm", b"concurrency_limit", b"container_idle_timeout", b"_experimental_buffer_containers")
_CALLS = (b".remote", b".spawn", b".map(", b".starmap(", b".for_each(", b".local(", b".web_url")
_GPUS = (b"gpu.A100", b"gpu.A10G", b"gpu.H100", b"gpu.L4", b"gpu.T4", b"gpu.Any")
_COMMANDS = (b"modal run", b"modal deploy", b"modal serve", b"modal shell")
_LISTED = (b'"modal"', b"'modal'", b'/modal"', b"/modal'")

REGISTRY: tuple[SectionRule, ...] = (
    SectionRule(catalogue.IMAGE_COPY, "image_copy", _COPIES, _COPIES),
    SectionRule(catalogue.MOUNT, "mount", (b"mounts", b"copy_mount", b"context_mount"), (b"mount", b"Mount")),
    SectionRule(catalogue.BUILD, "build", (), (b"build",), borrows=True),
    SectionRule(catalogue.LOCAL_SOURCE, "local_source", (b".function(", b".cls("), (), borrows=True, lends=True),
    SectionRule(catalogue.AUTOSCALER, "autoscaler", _SCALING, _SCALING),
    SectionRule(
        catalogue.FASTAPI_ENDPOINT,
        "fastapi_endpoint",
        (b"web_endpoint", b"wait_for_response"),
        (b"web_endpoint", b"wait_for_response", b"webhook", b"asgi", b"wsgi"),
    ),
    SectionRule(catalogue.CONCURRENT, "concurrent", (b"allow_concurrent_inputs",), (b"allow_concurrent_inputs",)),
    SectionRule(
        catalogue.LOOKUP,
        "lookup",
        (b".lookup", b".web_url"),
        (b"lookup", b"web_url", b"resolve", b"label", b"tag", b"namespace"),
    ),
    SectionRule(catalogue.CLS_PARAMETERS, "cls_parameters", (b".cls(",), (b"cls",), borrows=True),
    SectionRule(catalogue.CLS_LOOKUP, "cls_lookup", _CALLS, (b"cls", b"Cls", b"lookup", b"from_name"), borrows=True),
    SectionRule(catalogue.GPU, "gpu", _GPUS, (b"gpu",)),
    SectionRule(catalogue.MODULE_MODE, "module_mode", (*_LISTED, *_COMMANDS), (b"run", b"deploy", b"serve", b"shell")),
)
"""Guide order."""

SECTIONS: tuple[Section, ...] = tuple(rule.SECTION for rule in REGISTRY)


def section(slug: str) -> Section:
    """Return the section called ``slug``; ``KeyError`` when there is none."""
    for known in SECTIONS:
        if known.slug == slug:
            return known
    raise KeyError(slug)
