"""A file or folder of the repository that is called ``modal``: Python may import it in place of the SDK."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from modal_transforms.analysis.modal_imports import Imported, modal_imports
from modal_transforms.analysis.module import Module, ProjectView
from modal_transforms.core.model import EVERY_VERSION, Applicability, Finding

_RULE = "shadowed-by-hand"
_FILE, _FOLDER = "/modal.py", "/modal/__init__.py"


def find_shadowed(module: Module) -> Iterator[Finding]:
    """Yield the first import of a file that gets what lies beside it, or the file itself, for Modal's SDK.

    What is part of a package is imported by a longer name, and a folder without ``__init__.py`` comes after the SDK.
    """
    own = _beside(module)
    imports = modal_imports(module.index) if own else ()
    if not imports or _is_meant(module, own, imports):
        return
    itself = own == module.source.path
    message = "a file called modal.py that imports modal gets itself" if itself else f"{own} is taken for modal"
    advice = "Rename it, and what imports or names it."
    yield module.finding(
        _RULE,
        module.source.span(imports[0].statement),
        message,
        Applicability.MANUAL,
        advice=advice if itself else f"Python started in this folder finds it before the SDK. {advice}",
        breaks_in=EVERY_VERSION if itself else "",
    )


def _beside(module: Module) -> str:
    """Return what is called ``modal`` in the folder of a script; empty where there is none."""
    if module.project is None or not module.source.path.endswith(".py"):
        return ""
    known = module.project.once(_called_modal)
    return known.get(posixpath.dirname(module.source.path), "") if known else ""


def _called_modal(project: ProjectView) -> dict[str, str]:
    """Return what is called ``modal``, by its folder where that is no package: a file rather than a folder."""
    files = project.files
    found = {posixpath.dirname(posixpath.dirname(path)): path for path in files if f"/{path}".endswith(_FOLDER)}
    found |= {posixpath.dirname(path): path for path in files if f"/{path}".endswith(_FILE)}
    return {folder: path for folder, path in found.items() if posixpath.join(folder, "__init__.py") not in files}


def _is_meant(module: Module, own: str, imports: Sequence[Imported]) -> bool:
    """Tell whether all that a file asks of ``modal`` is there in the repository's own: it is that which is meant."""
    there = module.project.module(own) if module.project is not None and own != module.source.path else None
    named = {each.path.split(".")[1] for each in imports if "." in each.path}
    named |= {node.attr for node in module.index.attributes if module.symbol(node) == f"modal.{node.attr}"}
    return there is not None and named <= there.index.module.bindings.keys()
