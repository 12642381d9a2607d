"""What the section is, in our own words."""

from __future__ import annotations

from modal_transforms.core.model import Section

SECTION = Section(
    number=12,
    slug="module-mode",
    title="modal run -m",
    anchor="requiring-explicit-invocation-for-module-mode",
    since="0.73.58",
    breaks_in="1.4.0",
    subject="pass -m for module references",
    what=("A reference to a module (pkg.app) needs -m after the subcommand; without it, the reference must be a file."),
    why="From 1.4.0 the command stops with an error that shows the right one.",
    before="modal deploy pkg.app",
    after="modal deploy -m pkg.app",
)
