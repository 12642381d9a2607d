"""``modal-wizard verify``: import the modules that use Modal under the real SDK, before and now."""

from __future__ import annotations

import argparse
import re
import sys
from functools import partial
from typing import TYPE_CHECKING

from modal_wizard.cli.arguments import UsageError, add_color, add_path

if TYPE_CHECKING:
    from modal_wizard.process.progress import ProgressBar

DESCRIPTION = (
    "Import the modules that use Modal under the real SDK, as they were before the migration and as they are now. "
    "This runs the repository's code: in copies that are thrown away, without network, secrets or your home folder."
)
FAILED, MISSING = 1, 2
_LINES = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``verify`` takes."""
    add_path(parser)
    parser.add_argument(
        "--sdk", action="append", default=[], metavar="V", help="repeatable (the newest before 1.0, and the target)"
    )
    parser.add_argument("--before", metavar="REF", help="what counts as before (where this migration began)")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    add_color(parser)


def run(options: argparse.Namespace) -> int:
    """Print what the SDKs say; bit 1: the target's SDK refuses a module, bit 2: a module could not be judged."""
    for version in options.sdk:
        if not re.fullmatch(r"\d+\.\d+\.\d+(\.?(dev|rc)\d+)?", version):
            raise UsageError(f"--sdk takes a version of modal such as 1.6.4, not {version!r}")
    from modal_transforms.core.target import TARGET
    from modal_wizard.process.progress import ProgressBar
    from modal_wizard.reports import verification
    from modal_wizard.scan.discover import scope_of
    from modal_wizard.text.paint import paint_for
    from modal_wizard.verify.result import ImportOutcome, RepositoryState
    from modal_wizard.verify.verify import LAST_BEFORE, NETWORK_NOT_CUT, verify

    sdks = list(dict.fromkeys(options.sdk)) or [LAST_BEFORE, TARGET]
    _say(
        f"Importing the modules that use Modal under modal {' and '.join(sdks)}. This runs their code: in copies that "
        "are thrown away, without network, with an empty home folder and none of your environment's secrets. "
        "Packages that are missing are stood in for."
    )
    with ProgressBar("importing") as bar:
        found = verify(scope_of(options.path), sdks, options.before, _say, partial(_step, bar))
    if found.checks and not found.network_cut:
        _say(NETWORK_NOT_CUT)
    as_json = options.format == "json"
    print(verification.as_json(found) if as_json else verification.text(found, paint_for(options.color)))
    lost = (ImportOutcome.ENDED, ImportOutcome.NOT_RUN)
    ended = any(found.count(sdk, RepositoryState.NOW, *lost) for sdk in sdks)
    return (FAILED if found.count(sdks[-1], RepositoryState.NOW, ImportOutcome.FAILED) else 0) | (
        MISSING if ended else 0
    )


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _step(bar: ProgressBar, done: int, total: int, module: str) -> None:
    """Show progress: on a terminal as a bar that goes away, else in a few lines."""
    from modal_wizard.text.sanitize import visible

    if sys.stderr.isatty():
        bar.step(done, total, visible(module))
    elif done * _LINES // total > (done - 1) * _LINES // total:
        _say(f"{done} of {total} imported.")
