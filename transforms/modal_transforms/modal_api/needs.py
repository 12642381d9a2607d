"""The smallest SDK that rewritten code runs on: one table of what choices write, measured with the real wheels.

A row holds from the version that it names; the release before that one refuses the spelling, or does something else
with it. ``tests/test_needs.py`` has a program for every row, and runs it under both when it is asked to.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from modal_transforms.core.model import Choice, Finding


class Needed(Struct, frozen=True):
    """Something that choices write, and the first version of the SDK that takes it."""

    name: str
    since: str
    word: str
    """What the texts of a choice's changes, which are joined by ``\\0``, hold where it is written: most do not."""
    pattern: str = ""
    """A regular expression that finds it there; empty where it is the word alone, as a whole."""

    def is_in(self, text: str) -> bool:
        """Tell whether a text has it."""
        if self.word not in text:
            return False
        return re.search(self.pattern or rf"\b{re.escape(self.word)}\b", text, re.DOTALL) is not None


_WITHIN = r"\((?:[^()\0]|\((?:[^()\0]|\([^()\0]*\))*\))*?"
"""Between the bracket of a call and one of its arguments."""

SPELLINGS = (
    Needed("autoscaler.update", "1.6.2", "autoscaler.update"),
    Needed("clustered", "1.6.0", "clustered", r"(?:\A|\0|\bmodal\.)clustered\b"),
    Needed("modal.types", "1.5.2", "modal.types"),
    Needed("filesystem.watch", "1.5.0", "filesystem.watch"),
    Needed("filesystem.list_files", "1.4.3", "filesystem.list_files"),
    Needed("filesystem.make_directory, remove", "1.4.2", "filesystem.", r"\bfilesystem\.(?:make_directory|remove)\b"),
    Needed("filesystem", "1.4.0", "filesystem.", r"\bfilesystem\."),
    Needed("SandboxFilesystemError", "1.4.0", "SandboxFilesystemError"),
    Needed("single_use_containers=", "1.3.0", "single_use_containers"),
    Needed("objects of a class", "1.1.2", "objects.", r"\bobjects\.(?:create|delete|list)\b"),
    Needed("ignore= of relative paths", "0.76.0", "ignore=", r"\bignore=(?:\[\"\*/|lambda\b[^\0]*?\.parts\b)"),
    Needed("with_concurrency", "0.75.8", "with_concurrency"),
    Needed("get_web_url", "0.75.0", "get_web_url"),
    Needed("update_autoscaler", "0.74.46", "update_autoscaler"),
    Needed("experimental_options=", "0.74.12", "experimental_options"),
    Needed("parameter of bool", "0.73.158", ": bool = ", r": bool = (?:\w+\.)?parameter\("),
    Needed("context_dir=", "0.73.144", "context_dir=", r"\bcontext_dir="),
    Needed("concurrent", "0.73.132", "concurrent(", r"\bconcurrent\("),
    Needed("parameter of bytes", "0.73.115", ": bytes = ", r": bytes = (?:\w+\.)?parameter\("),
    Needed("fastapi_endpoint", "0.73.83", "fastapi_endpoint"),
    Needed("min_containers=", "0.73.76", "min_containers"),
    Needed("max_containers=", "0.73.76", "max_containers"),
    Needed("buffer_containers=", "0.73.76", "buffer_containers"),
    Needed("scaledown_window=", "0.73.76", "scaledown_window"),
    Needed("FunctionCall.gather", "0.73.69", "FunctionCall"),
    Needed("modal run -m", "0.73.58", "-m", r"(?:\A|\0)(?:-m |([\"'])-m\1,\s)"),
    Needed("include_source=", "0.73.0", "include_source=", r"\binclude_source="),
    Needed("hydrate", "0.72.39", "hydrate"),
    Needed("gpu L40S", "0.68.44", "L40S", r"[\"']L40S\b"),
    Needed("from_name(name=)", "0.68.39", "name", r"(?:\A|\0)name(?:\Z|\0)"),
    Needed(
        "add_local_python_source(ignore=)",
        "0.68.31",
        "add_local_python_source",
        rf"\badd_local_python_source{_WITHIN}\bignore=",
    ),
    Needed("add_local_dir(ignore=)", "0.68.21", "add_local_dir", rf"\badd_local_dir\b(?:{_WITHIN}|\0(?:.*\0)?)ignore="),
    Needed("add_local_python_source", "0.67.28", "add_local_python_source"),
    Needed("add_local_file", "0.66.40", "add_local_file"),
    Needed("add_local_dir", "0.66.40", "add_local_dir"),
    Needed("App.lookup", "0.64.109", "App.lookup"),
    Needed("parameter", "0.64.48", "parameter(", r"\bparameter\("),
    Needed("extra_options=", "0.63.35", "extra_options"),
    Needed("Sandbox.create", "0.63.29", "Sandbox.create"),
    Needed("run_function(volumes=)", "0.62.236", "run_function", rf"\brun_function{_WITHIN}\bvolumes="),
    Needed("Volume.listdir(recursive=)", "0.62.110", "recursive=True", r"\brecursive=True"),
    Needed("FileEntryType", "0.62.67", "FileEntryType"),
    Needed("App", "0.62.32", "App", r"(?:\A|\0|\bmodal\.)App\b"),
    Needed("enter(snap=)", "0.61.23", "enter(snap=", r"\benter\(snap="),
    Needed(
        "Volume.from_name(create_if_missing=)",
        "0.60.14",
        "Volume.from_name",
        rf"\bVolume\.from_name{_WITHIN}create_if_missing=",
    ),
    Needed("gpu H100", "0.56.4919", "H100", r"[\"']H100\b"),
    Needed("gpu A100-40GB, A100-80GB", "0.56.4700", "A100-", r"[\"']A100-"),
    Needed("enter, exit", "0.56.4362", "(", r"\b(?:enter\(|modal\.exit\()|(?:\A|\0|@)exit\("),
    Needed("gpu count", "0.52.3535", ":", r"[\"'](?:T4|L4|A10G|A100|H100|L40S|any)[\w-]*:"),
    Needed("gpu L4", "0.52.3414", "L4", r"[\"']L4\b"),
)
"""What tells itself by the text that is written, newest first."""

FROM_NAME_CLIENT = "1.2.2"
"""``from_name(client=)``."""
FOUND_CONTEXT = "0.69.0"
"""Dockerfile commands find the files that COPY names by themselves."""
_STORED = "0.62.26"
FROM_NAME = {
    "modal.Cls": "0.68.11",
    "modal.Function": "0.64.155",
    "modal.Environment": "0.64.167",
    "modal.Volume": _STORED,
    "modal.NetworkFileSystem": _STORED,
    "modal.Queue": _STORED,
    "modal.Dict": _STORED,
}
"""``from_name`` of each class that is used without asking Modal first: from here on, the first use asks."""

CREATING = {"Volume": "0.60.14", "NetworkFileSystem": "0.60.7", "Queue": "0.57.3", "Dict": "0.56.4944"}
"""``from_name(create_if_missing=)`` of each class."""


def table() -> dict[str, str]:
    """Return all that choices write for which some version of the SDK is too old, and the first one that takes it."""
    at_once = {f"{owner.removeprefix('modal.')}.from_name, used at once": since for owner, since in FROM_NAME.items()}
    stated = {"from_name(client=)": FROM_NAME_CLIENT, "files of COPY found": FOUND_CONTEXT}
    creating = {f"{owner}.from_name(create_if_missing=)": since for owner, since in CREATING.items()}
    return {row.name: row.since for row in SPELLINGS} | stated | at_once | creating


def with_needs(finding: Finding) -> Finding:
    """Return a finding whose choices name the smallest SDK that they run on."""
    if not finding.choices:
        return finding
    filled = tuple(map(_filled, finding.choices))
    return finding if filled == finding.choices else replace(finding, choices=filled)


def _filled(choice: Choice) -> Choice:
    texts = (getattr(change, "text", "") for change in choice.changes)
    written = _written("\0".join(filter(None, texts)))
    needed = latest(choice.needs, written) if written else choice.needs
    return choice if needed == choice.needs else replace(choice, needs=needed)


@lru_cache(4096)
def _written(text: str) -> str:
    """Return the smallest SDK that takes a text; empty where all do."""
    return next((row.since for row in SPELLINGS if row.is_in(text)), "") if text else ""


def latest(*needed: str) -> str:
    """Return the latest of some versions, of which each may be empty."""
    return max(needed, key=_key, default="")


def _key(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split("."))) if text else ()
