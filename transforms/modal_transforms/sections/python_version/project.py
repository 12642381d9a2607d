"""The Python that a project asks for which an image installs whole: ``Image.uv_sync()`` keeps to it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from msgspec import Struct

from modal_transforms.analysis.module import Module
from modal_transforms.requirements.versions import bounds, version

_INSTALLS = {"modal.Image().uv_sync": "requires-python", "modal.Image().poetry_install_from_file": "python"}
"""What installs a project, and where that looks for the versions of Python that the project runs on."""


class Asked(Struct, frozen=True):
    """What a project says of its Python, and where."""

    path: str
    spec: str
    """As written: ``==3.10.*``."""
    step: str
    """The method of the image that installs the project."""

    def allows(self, python: str) -> bool:
        """Tell whether some release of a Python (``3.11``) is among those that the project runs on."""
        low, below = bounds(self.spec)
        wanted = version(python)
        return (below is None or below > wanted) and (low is None or low[:2] <= wanted)


def asked_of_python(module: Module) -> Asked | None:
    """Return what the project nearest to a file asks for; ``None`` where no image of the file installs one."""
    return module.once(_asked)


def _asked(module: Module) -> Asked | None:
    steps = [call.func for call in module.index.calls if module.symbol(call.func) in _INSTALLS]
    if not steps or module.project is None:
        return None
    for folder in PurePosixPath(module.source.path).parents:
        path = str(folder / "pyproject.toml")
        spec = _spec(module.project.data(path), _INSTALLS[module.symbol(steps[0])])
        if spec:
            return Asked(path, spec, module.source.written(steps[0]).rpartition(".")[2])
    return None


def _spec(data: bytes | None, key: str) -> str:
    """Return what a ``pyproject.toml`` has for a key, a text; empty where it has nothing."""
    found = re.search(rf"""^[ \t]*{key}[ \t]*=[ \t]*["']([^"'\n]+)["']""".encode(), data or b"", re.MULTILINE)
    return found[1].decode(errors="replace") if found else ""
