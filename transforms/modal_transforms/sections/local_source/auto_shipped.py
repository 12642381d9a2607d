"""What 1.x still ships by itself: the package of a file that runs as a module, or only the file.

Which of the two it is depends on how the file is run, and the program does not say; its relative imports, the files
that import it and the commands that the repository shows do.
"""

from __future__ import annotations

import enum
import posixpath
import re
from pathlib import PurePosixPath

from msgspec import Struct

from modal_transforms.analysis.import_scan import ROOT, script_path
from modal_transforms.analysis.module import Module, ProjectView
from modal_transforms.core.patterns import pattern
from modal_transforms.formats.shell import mentions
from modal_transforms.modal_api.cli import judge
from modal_transforms.sections.local_source.imports_needed import (
    Need,
    When,
    is_standard,
    is_tried,
    local_imports,
    package_folder,
    top_place,
)

_DOCUMENTS = pattern(
    r"(?:.*/)?(?:[^/]*\.(?:md|rst|txt|sh|ya?ml|toml|json|cfg|mk)|Makefile|makefile|justfile|Justfile|Procfile|Dockerfile)$"
)
_SWITCH = pattern(rb"MODAL_AUTOMOUNT\W{1,4}(?:0|false)|automount\s*=\s*false", re.IGNORECASE)
_MOST = 400
"""Documents looked at for commands."""


class Mode(enum.Enum):
    """How the file that defines a function comes to be imported."""

    PACKAGE = "as a part of its package, which 1.x ships whole"
    SCRIPT = "by itself: 1.x ships that one file"
    EITHER = "as a file or as a module"


class Home(Struct, frozen=True):
    """How a file is imported, and how that is known."""

    mode: Mode
    reason: str
    package: str = ""
    """The folder of its top-level package, when it is imported as a part of one."""


def automounting_is_off(module: Module) -> bool:
    """Tell whether the file or the repository's settings had switched automounting off: the images hold the source."""
    said = any(node.value == "MODAL_AUTOMOUNT" for node in module.index.strings)
    return said or (module.project is not None and module.project.once(_is_switched_off))


def _is_switched_off(project: ProjectView) -> bool:
    settings = (path for path in project.files if path.endswith((".modal.toml", ".env", ".yml", ".yaml", "Makefile")))
    return any(_SWITCH.search(project.data(path) or b"") for path in sorted(settings)[:_MOST])


def home(module: Module) -> Home:
    """Return how a file is imported when its functions run."""
    return module.once(_home)


def _home(module: Module) -> Home:
    path = module.source.path
    for item in local_imports(module):
        if item.is_relative and item.when is not When.DEFERRED and not is_tried(module, item.node):
            reason = f"{path} has relative imports (line {item.node.lineno}): it runs as a module only"
            return Home(Mode.PACKAGE, reason, package_folder(module) or posixpath.dirname(path))
    known = _shown(module) or _needs_its_folder(module) or _imported(module)
    if known is not None:
        return known
    if _is_in_package(module):
        return Home(Mode.EITHER, f"{path} may be run as a file (modal run {path}) or as a module (modal run -m …)")
    return Home(Mode.SCRIPT, f"{path} is in no package: of it, 1.x ships this one file")


def _needs_its_folder(module: Module) -> Home | None:
    """Return how a file of a package runs when it imports by name what lies beside it: that is found as a script."""
    path, project = module.source.path, module.project
    folder = posixpath.dirname(path)
    if project is None or not folder or not _is_in_package(module):
        return None
    above = script_path(posixpath.dirname(folder))
    for item in local_imports(module):
        is_beside = item.top and item.when is When.LOADED and posixpath.dirname(item.place) == folder
        is_needed = not is_standard(item.top) and not is_tried(module, item.node)
        if is_beside and is_needed and project.locate_on(above, item.dotted) is None:
            where = f"line {item.node.lineno}"
            return Home(Mode.SCRIPT, f"{path} imports {item.top} from its own folder ({where}): it runs as a file")
    return None


def _shown(module: Module) -> Home | None:
    """Return what the commands say that the repository shows."""
    path = module.source.path
    found: Home | None = None
    for document, reference in module.project.once(_references) if module.project else ():
        if reference.endswith(".py"):
            if _names(path, reference, document):
                return Home(Mode.SCRIPT, f"{document} shows it run as a file ({reference}): 1.x ships that file only")
        elif _names(path, reference.replace(".", "/") + ".py", document):
            found = found or _as_module(path, reference, f"{document} shows it run as the module {reference}")
    return found


def _as_module(path: str, dotted: str, reason: str) -> Home:
    """Return how a file is imported that goes by a dotted name."""
    if "." not in dotted:
        return Home(Mode.SCRIPT, reason)
    return Home(Mode.PACKAGE, reason, top_place(path, dotted))


def _names(path: str, reference: str, document: str) -> bool:
    """Tell whether a reference in a document means a file: from the root, or from a folder above both."""
    plain = reference.removeprefix("./").lstrip("/")
    folder = PurePosixPath(document).parent
    near = str(folder) == "." or folder.parts[0].startswith(".") or path.startswith(f"{folder}/")
    return path == plain or (near and path.endswith(f"/{plain}"))


def _references(project: ProjectView) -> list[tuple[str, str]]:
    """Return the references of the Modal commands that the repository's documents show, with the documents."""
    documents = [path for path in sorted(project.files) if _DOCUMENTS.match(path)][:_MOST]
    return [(path, module) for path in documents for module in project.once(_modules_named, path)]


def _modules_named(project: ProjectView, path: str) -> tuple[str, ...]:
    data = project.data(path) or b""
    if b"modal" not in data:
        return ()
    verdicts = (judge(words) for words in mentions(data.decode("utf-8", "replace")))
    return tuple(verdict.module for verdict in verdicts if verdict.module)


def _imported(module: Module) -> Home | None:
    """Return what the imports of this file by others say."""
    path, found = module.source.path, None
    for other in module.project.importers(path) if module.project else ():
        if any(part.startswith("test") for part in PurePosixPath(other.source.path).parts):
            continue
        for item in local_imports(other):
            if item.path != path:
                continue
            written = f"{other.source.path} imports it as {item.dotted}"
            if not item.is_relative and "." not in item.dotted:
                return Home(Mode.SCRIPT, f"{written}: of it, 1.x ships this one file")
            package = package_folder(module) if item.is_relative else item.place
            found = found or Home(Mode.PACKAGE, f"{written}: 1.x ships its package", package or posixpath.dirname(path))
    return found


def _is_in_package(module: Module) -> bool:
    """Tell whether a file is in a package, or imports from the folder that it is in as if that were one."""
    files = module.project.files if module.project else frozenset()
    if str(PurePosixPath(module.source.path).parent / "__init__.py") in files:
        return True
    return any(item.top and holds(item.place, module.source.path) for item in local_imports(module))


def holds(folder: str, path: str) -> bool:
    """Tell whether a file is in a folder, at any depth."""
    return folder == ROOT or path.startswith(f"{folder}/")


def comes_by_itself(need: Need, module: Module) -> bool:
    """Tell whether 1.x ships a module because it defines the function: its own file, or its package."""
    path = module.source.path
    if need.place == path:
        return True
    return home(module).mode is Mode.PACKAGE and need.is_package and holds(need.place, path)
