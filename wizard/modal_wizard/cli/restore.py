"""``modal-wizard restore``: list the originals that earlier runs kept, and bring files back."""

from __future__ import annotations

import argparse

from modal_wizard.cli.arguments import add_color, place

DESCRIPTION = "Bring files back as they were before modal-wizard wrote them."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``restore`` takes."""
    parser.add_argument("paths", nargs="*", type=place, metavar="PATH", help="folders or files (.)")
    parser.add_argument("--list", action="store_true", help="list the backups, change nothing")
    parser.add_argument("--backup", default="", metavar="ID", help="which one (the latest)")
    parser.add_argument("--diff", action="store_true", help="show what would come back, change nothing")
    parser.add_argument("--partly", action="store_true", help="also one file of a section when another has to stay")
    parser.add_argument("--overwrite", action="store_true", help="also files that were changed since")
    add_color(parser)


def run(options: argparse.Namespace) -> int:
    """List or restore; returns 0 when all asked files are as they were, 2 when some were left."""
    from modal_wizard.cli.backups import RestoreRequest, restore_files

    return restore_files(
        RestoreRequest(
            tuple(options.paths),
            options.backup,
            options.list,
            options.overwrite,
            options.partly,
            options.diff,
            options.color,
        )
    )
