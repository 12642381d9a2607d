"""What a file is, told by its name and first line; loads nothing of what reads it."""

from __future__ import annotations

from modal_transforms.core.patterns import pattern

NOTEBOOK = ".ipynb"
DOCUMENTS = frozenset(".md .markdown .mdx .rst".split())
_SHELL = frozenset(".sh .bash .zsh .fish .ksh .bats .ps1 .bat .cmd .command".split())
_MAKE = frozenset({".mk", ".mak"})
_JSON_NAMES = frozenset("package.json tasks.json devcontainer.json project.json turbo.json deno.json".split())
_DOCKER = pattern(r"(?i)(?:.*\.)?(?:Dockerfile|Containerfile)(?:\..*)?$")
LOCKS = frozenset("uv.lock poetry.lock pdm.lock Pipfile.lock pylock.toml".split())
_HISTORIES = pattern(
    r"(?i)(?:.*/)?(?:[^/]*[-_.])?(?:changes?|changelogs?|history|news|release[-_ ]?notes?|migrat\w*|upgrad\w*)"
    r"(?:[-_.][^/]*)?"
)
_SETTINGS = frozenset("pyproject.toml setup.cfg setup.py Pipfile tox.ini".split())
_REQUIREMENTS = pattern(
    r"(?i)(?:.*/)?(?:requirements/[^/]*\.(?:txt|in|pip)"
    r"|(?:[^/]*[-_.])?(?:requirements|constraints|reqs)(?:[-_.][^/]*)?\.(?:txt|in|pip|lock))"
)
_LISTS = (".txt", ".in", ".pip", ".lock")
"""How the names of lists of requirements end."""
_PYTHON_LINE = pattern(rb"#![^\n]*\bpython[\d.]*\s")
_SHELL_LINE = pattern(rb"#![^\n]*\b(?:ba|z|k|da|fi)?sh\b")


def suffix(path: str) -> str:
    """Return the ending of a file's name with its dot, empty when it has none; a name may begin with a dot."""
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    return name[dot:] if 0 < dot < len(name) - 1 else ""


def is_python(path: str, data: bytes = b"") -> bool:
    """Tell whether a file is a Python file, by its name or by its first line."""
    if path.endswith(".py"):
        return True
    return data.startswith(b"#!") and not suffix(path) and _PYTHON_LINE.match(data) is not None


def is_document(path: str) -> bool:
    """Tell whether a file is Markdown or reStructuredText."""
    return suffix(path).lower() in DOCUMENTS


def tells_of_change(path: str) -> bool:
    """Tell, by its name, whether a document tells what was and what became of it: what it shows is to stay."""
    return is_document(path) and _HISTORIES.fullmatch(path) is not None


def is_looked_at(path: str) -> bool:
    """Tell, by its name alone, whether a file may hold Modal code or commands."""
    if path.endswith((".py", NOTEBOOK)):
        return True
    return not suffix(path) or is_document(path) or command_kind(path) is not None


def lists_requirements(path: str) -> bool:
    """Tell, by its name, whether a file is a list of requirements, one a line."""
    return path.lower().endswith(_LISTS) and _REQUIREMENTS.fullmatch(path) is not None


def is_environment(path: str) -> bool:
    """Tell, by its name, whether a file is conda's list of what an environment holds."""
    name = path.rpartition("/")[2]
    return name.startswith(("environment", "conda")) and name.endswith((".yml", ".yaml"))


def may_pin(path: str) -> bool:
    """Tell, by its name, whether a file is there to say which versions are required, or were chosen."""
    name = path.rpartition("/")[2]
    return name in LOCKS or name in _SETTINGS or lists_requirements(path) or is_environment(path)


def may_state_pin(path: str) -> bool:
    """Tell, by its name, whether a file may ask for a version of modal: a list, settings, code, commands, a text."""
    return path.endswith((".py", NOTEBOOK)) or may_pin(path) or is_document(path) or command_kind(path) is not None


def command_kind(path: str, data: bytes = b"") -> tuple[str, str] | None:
    """Return how a file holds command lines, and what to call it; ``None`` when it is no file that does."""
    name = path.rpartition("/")[2]
    ending, lower = suffix(path).lower(), name.lower()
    if ending in _SHELL:
        return "shell", "a script"
    if lower.startswith(("makefile", "gnumakefile")) or ending in _MAKE:
        return "recipes", "a Makefile"
    if lower in {"justfile", ".justfile"} or ending == ".just":
        return "recipes", "a justfile"
    if "file" in lower and _DOCKER.match(name):
        return "docker", "a Dockerfile"
    if name.startswith("Procfile"):
        return "processes", "a Procfile"
    if ending in {".yml", ".yaml"}:
        return "yaml", _yaml_name(path, name)
    if name in _JSON_NAMES:
        return "json", name
    if ending in {".toml", ".ini", ".cfg"}:
        return ("toml" if ending == ".toml" else "settings"), name
    return ("shell", "a script") if not ending and _SHELL_LINE.match(data[:200]) else None


def _yaml_name(path: str, name: str) -> str:
    if ".github/" in path:
        return "a GitHub workflow"
    return "a GitLab pipeline" if name.startswith(".gitlab-ci") else name
