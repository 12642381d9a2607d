"""Where a report may be written: over nothing but an earlier one, and through no link of the repository's."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from modal_wizard.errors import WizardError
from modal_wizard.files.safe_io import UnsafePath, resolve_named
from modal_wizard.text.sanitize import visible

TITLE = "## Migration to Modal 1.x"
"""How a report begins, and what is written over is known by."""


def check_report(root: Path, file: Path | None) -> None:
    """Raise `WizardError` where a report, if any is asked for, could not be written or would replace something else."""
    if file is None:
        return
    with said_of(file):
        place = resolve_named(root, file)
        if not place.parent.is_dir():
            raise UnsafePath("its folder is not there")
        with contextlib.suppress(FileNotFoundError), place.open("rb") as there:
            begins = there.read(len(TITLE)).decode("utf-8", "replace")
            if begins not in {"", TITLE}:
                raise UnsafePath("what is there is no report; name another file, or delete it first")


@contextlib.contextmanager
def said_of(file: Path) -> Iterator[None]:
    """Raise what stands in the way of a report as `WizardError`."""
    try:
        yield
    except UnsafePath as reason:
        raise WizardError(f"The report {visible(str(file))} was not written: {reason}.") from reason
    except OSError as error:
        raise WizardError(f"The report {visible(str(file))} was not written: {error.strerror}.") from error
