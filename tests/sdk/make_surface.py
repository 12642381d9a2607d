"""Write down what each version of the SDK offered, from its wheels. Nothing of them is installed, imported or run.

    cd tests && python -m sdk.make_surface WHEELS

``WHEELS`` is a folder that keeps the wheels; those that it lacks are downloaded. Which versions are read is said in
``surface_versions.txt``; a new one is a new line there. The same wheels give the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from sdk.surface_entries import Surface
from sdk.surface_fold import lines
from sdk.surface_reader import read
from sdk.surface_wheels import files_of_wheel, sources, wheel

from modal_transforms.modal_api.surface import END

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[1] / "transforms" / "modal_transforms" / "modal_api" / "surface" / "surface.txt"


def versions() -> list[str]:
    """Return the versions that are read, oldest first."""
    return (HERE / "surface_versions.txt").read_text("utf-8").split()


def surfaces(folder: Path) -> Iterator[Surface]:
    """Yield what each version offers, from wheels in a folder."""
    for version in versions():
        yield read(sources(files_of_wheel(wheel(version, folder))))


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    text = "\n".join([" ".join(versions()), *lines(surfaces(folder)), END]) + "\n"
    DATA.write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
