"""The old file API of sandboxes: ``Sandbox.open``, ``ls``, ``mkdir``, ``rm`` and ``watch``.

``sb.filesystem`` has taken their place since 1.4.0; 1.6.0 lacks the old methods, and since August 2026 Modal's server
refuses them for every SDK. There is no open file any more: a file is read or written as a whole.

    sb.open("/a.txt", "w").write(text)    ->    sb.filesystem.write_text(text, "/a.txt")
"""

from __future__ import annotations

from collections.abc import Iterator

from modal_transforms.analysis.module import Module
from modal_transforms.core.model import EVERY_VERSION, Finding, Section
from modal_transforms.sections.sandbox_files.findings import call_finding, import_finding, old_calls, old_imports

SECTION = Section(
    slug="sandbox-files",
    title="Files of sandboxes",
    since="1.4.0",
    breaks_in=EVERY_VERSION,
    subject="use the filesystem of sandboxes",
    what=(
        "Sandbox.open, ls, mkdir, rm and watch are methods of sb.filesystem now: read_text, read_bytes, write_text, "
        "write_bytes, list_files, make_directory, remove and watch. All of them take absolute paths only."
    ),
    why=(
        "Since August 2026 Modal's server refuses the old methods for every SDK, whatever is pinned; 1.6.0 does not "
        "have them. sb.filesystem exists from 1.4.0 on."
    ),
    before='with sb.open("/results.json", "w") as f:\n    f.write(text)',
    after='sb.filesystem.write_text(text, "/results.json")',
)


def find(module: Module) -> Iterator[Finding]:
    """Yield the calls of the old file API in a file, and its imports of ``modal.file_io``."""
    for imported in old_imports(module):
        yield import_finding(module, imported)
    for found in old_calls(module):
        yield call_finding(found)
