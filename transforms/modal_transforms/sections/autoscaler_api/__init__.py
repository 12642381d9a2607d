"""``update_autoscaler`` of functions and servers, which is ``autoscaler.update`` since 1.6.2.

``None`` left a setting as it was; now it lifts the limit, or sets 0. Instances of classes have no ``autoscaler``.

    embed.update_autoscaler(min_containers=2)    ->    embed.autoscaler.update(min_containers=2)
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Finding, Section
from modal_transforms.modal_api.spellings import Spellings
from modal_transforms.sections.autoscaler_api.detect import updates
from modal_transforms.sections.autoscaler_api.findings import update_finding

SECTION = Section(
    number=0,
    slug="autoscaler-api",
    title="Updates of the autoscaler",
    anchor="",
    since="1.6.2",
    breaks_in="",
    subject="update autoscalers by their own API",
    what=(
        "update_autoscaler of a function or server is autoscaler.update, and modal.experimental.update_autoscaler(f) "
        "is f.autoscaler.update. None, which left a setting as it was, now takes it back."
    ),
    why=(
        "update_autoscaler warns and will be removed; modal.experimental.update_autoscaler went in 1.2.0. "
        "autoscaler.update exists from 1.6.2 on."
    ),
    before="embed.update_autoscaler(min_containers=2, max_containers=None)",
    after="embed.autoscaler.update(min_containers=2)",
)

SPELLINGS = Spellings()


def find(module: Module) -> Iterator[Finding]:
    """Yield the calls of ``update_autoscaler`` in a file."""
    for update in updates(module):
        yield update_finding(module, SECTION, update)
