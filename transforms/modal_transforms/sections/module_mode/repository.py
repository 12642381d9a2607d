"""Which file or folder of the repository a module path names."""

from __future__ import annotations

from pathlib import PurePosixPath

from modal_transforms.analysis.module import Module, ProjectView


def on_disk(module: Module, dotted: str) -> list[str]:
    """Say which file or folder of the repository a module path names, if any."""
    found = path_of(module, dotted)
    if found is not None:
        return [f"`{dotted}` is {found}"]
    others = elsewhere(module, dotted)
    if others:
        return [f"`{dotted}` may be {' or '.join(others[:2])}, run from the folder that holds it"]
    return [f"no module of the repository is called `{dotted}`"] if is_missing(module, dotted) else []


def is_missing(module: Module, dotted: str) -> bool:
    """Tell whether a module path that can be seen names nothing of the repository."""
    seen = module.project is not None and all(part.isidentifier() for part in dotted.split("."))
    return seen and path_of(module, dotted) is None and not elsewhere(module, dotted)


def beside(module: Module, name: str) -> bool:
    """Tell whether a single name is that of a Python file, or of one beside it in the same folder."""
    path = PurePosixPath(module.source.path)
    if path.suffix != ".py":
        return False
    files = module.project.files if module.project else frozenset()
    return path.stem == name or str(path.with_name(f"{name}.py")) in files


def path_of(module: Module, dotted: str) -> str | None:
    """Return the file or folder that a module path names, from the root or from a folder above this file."""
    files = module.project.files if module.project else frozenset()
    folders = module.project.once(_folders) if module.project else frozenset()
    stem = dotted.replace(".", "/")
    for folder in ("", *(f"{parent}/" for parent in PurePosixPath(module.source.path).parents)):
        for candidate in (f"{folder}{stem}.py", f"{folder}{stem}/__init__.py"):
            if candidate in files:
                return candidate
        if f"{folder}{stem}" in folders:
            return f"{folder}{stem}/"
    return None


def _folders(project: ProjectView) -> frozenset[str]:
    """Return the folders of a repository that hold files, themselves or further down."""
    found: set[str] = set()
    for path in project.files:
        folder = path.rpartition("/")[0]
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return frozenset(found - {""})


def elsewhere(module: Module, dotted: str) -> list[str]:
    """Return the files of the repository whose paths end as a module path says, the nearest to its root first."""
    ending = f"/{dotted.replace('.', '/')}.py"
    named = module.project.once(_by_name) if module.project else {}
    found = [path for path in named.get(ending.rpartition("/")[2], ()) if path.endswith(ending)]
    return sorted(found, key=lambda path: (path.count("/"), path))


def _by_name(project: ProjectView) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for path in project.files:
        named.setdefault(path.rpartition("/")[2], []).append(path)
    return named
