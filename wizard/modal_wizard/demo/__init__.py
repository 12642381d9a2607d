"""A small app for an older Modal SDK to try the wizard on: a document search with findings of every section.

Its files are kept under ``files`` with names that no tool takes for code: ``.demo`` is taken off, and a leading
``dot-`` becomes a dot.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from modal_wizard.demo.repository import PastCommit, create_repository
from modal_wizard.errors import WizardError
from modal_wizard.text.sanitize import visible

FILES = Path(__file__).parent / "files"
SUFFIX = ".demo"

HISTORY = (
    PastCommit(
        "Search the handbook by meaning",
        "2025-01-14T10:12:00+01:00",
        (
            ".gitignore",
            "README.md",
            "requirements.txt",
            "config/search.json",
            "config/stopwords.txt",
            "docsearch/__init__.py",
            "docsearch/chunks.py",
            "docsearch/common.py",
            "docsearch/embedder.py",
            "docsearch/ingest.py",
            "docsearch/search_index.py",
            "tests/test_chunks.py",
        ),
    ),
    PastCommit(
        "Serve the search over HTTP and rank what it finds",
        "2025-01-29T16:40:00+01:00",
        ("docsearch/api.py", "docsearch/cache.py", "docsearch/reranker.py", "tests/test_cache.py"),
    ),
    PastCommit(
        "Deploy from CI, index every night, measure recall",
        "2025-02-06T09:05:00+01:00",
        (".github/workflows/deploy.yml", "Makefile", "benchmark.py", "corpus.py", "scripts/nightly.py"),
    ),
)
"""The commits of the demo's repository, oldest first."""


def demo_files() -> dict[str, bytes]:
    """Return the bytes of the demo's files by their path in the repository."""
    return dict(_below(FILES, ""))


def _below(folder: Path, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir()):
        name = f".{entry.name[4:]}" if entry.name.startswith("dot-") else entry.name
        if entry.is_dir():
            yield from _below(entry, f"{prefix}{name}/")
        elif name.endswith(SUFFIX):
            yield f"{prefix}{name.removesuffix(SUFFIX)}", entry.read_bytes()


def write_demo(folder: Path | None = None) -> Path:
    """Write the demo and its history to an empty or absent folder, by default a new temporary one; returns the folder.

    Raises `WizardError` when the folder is not empty or cannot be written.
    """
    try:
        target = Path(tempfile.mkdtemp(prefix="modal-wizard-demo-")) if folder is None else _empty(folder)
        target = target.resolve()
        for path, data in demo_files().items():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(data)
    except OSError as error:
        where = visible(str(folder)) if folder is not None else "a temporary folder"
        raise WizardError(
            f"The demo could not be written to {where}: {error.strerror}.", "Choose a folder that you may write to."
        ) from error
    create_repository(target, HISTORY)
    return target


def _empty(folder: Path) -> Path:
    shown = visible(str(folder))
    if folder.exists() and not folder.is_dir():
        raise WizardError(f"{shown} is not a folder.", "Nothing was written; name an empty or absent folder.")
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise WizardError(f"{shown} is not empty.", "Nothing was written; name an empty or absent folder.")
    return folder
