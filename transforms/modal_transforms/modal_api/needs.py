"""The smallest SDK that rewritten code runs on: one table of what choices write, measured with the real wheels.

A row holds from the version that it names; the release before that one refuses the spelling, or does something else
with it. ``tests/test_needs.py`` has a program for every row, and runs it under both when it is asked to.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from msgspec import Struct
from msgspec.structs import replace

from modal_transforms.core.model import Choice, Finding


class Needed(Struct, frozen=True):
    """Something that choices write, and the first version of the SDK that takes it."""

    name: str
    since: str
    pattern: str
    """A regular expression that finds it in the texts of a choice's changes, which are joined by ``\\0``."""


_WITHIN = r"\((?:[^()\0]|\((?:[^()\0]|\([^()\0]*\))*\))*?"
"""Between the bracket of a call and one of its arguments."""

SPELLINGS = (
    Needed("autoscaler.update", "1.6.2", r"\bautoscaler\.update\b"),
    Needed("clustered", "1.6.0", r"(?:\A|\0|\bmodal\.)clustered\b"),
    Needed("modal.types", "1.5.2", r"\bmodal\.types\b"),
    Needed("filesystem.watch", "1.5.0", r"\bfilesystem\.watch\b"),
    Needed("filesystem.list_files", "1.4.3", r"\bfilesystem\.list_files\b"),
    Needed("filesystem.make_directory, remove", "1.4.2", r"\bfilesystem\.(?:make_directory|remove)\b"),
    Needed("filesystem", "1.4.0", r"\bfilesystem\."),
    Needed("SandboxFilesystemError", "1.4.0", r"\bSandboxFilesystemError\b"),
    Needed("single_use_containers=", "1.3.0", r"\bsingle_use_containers\b"),
    Needed("objects of a class", "1.1.2", r"\bobjects\.(?:create|delete|list)\b"),
    Needed("ignore= of relative paths", "0.76.0", r"\bignore=(?:\[\"\*/|lambda\b[^\0]*?\.parts\b)"),
    Needed("with_concurrency", "0.75.8", r"\bwith_concurrency\b"),
    Needed("get_web_url", "0.75.0", r"\bget_web_url\b"),
    Needed("update_autoscaler", "0.74.46", r"\bupdate_autoscaler\b"),
    Needed("experimental_options=", "0.74.12", r"\bexperimental_options\b"),
    Needed("parameter of bool", "0.73.158", r": bool = (?:\w+\.)?parameter\("),
    Needed("context_dir=", "0.73.144", r"\bcontext_dir="),
    Needed("concurrent", "0.73.132", r"\bconcurrent\("),
    Needed("parameter of bytes", "0.73.115", r": bytes = (?:\w+\.)?parameter\("),
    Needed("fastapi_endpoint", "0.73.83", r"\bfastapi_endpoint\b"),
    Needed("min_containers=", "0.73.76", r"\bmin_containers\b"),
    Needed("max_containers=", "0.73.76", r"\bmax_containers\b"),
    Needed("buffer_containers=", "0.73.76", r"(?<!_)\bbuffer_containers\b"),
    Needed("scaledown_window=", "0.73.76", r"\bscaledown_window\b"),
    Needed("FunctionCall.gather", "0.73.69", r"\bFunctionCall\b"),
    Needed("modal run -m", "0.73.58", r"(?:\A|\0)(?:-m |([\"'])-m\1,\s)"),
    Needed("include_source=", "0.73.0", r"\binclude_source="),
    Needed("hydrate", "0.72.39", r"\bhydrate\b"),
    Needed("gpu L40S", "0.68.44", r"[\"']L40S\b"),
    Needed("from_name(name=)", "0.68.39", r"(?:\A|\0)name(?:\Z|\0)"),
    Needed("add_local_python_source(ignore=)", "0.68.31", rf"\badd_local_python_source{_WITHIN}\bignore="),
    Needed("add_local_dir(ignore=)", "0.68.21", rf"\badd_local_dir\b(?:{_WITHIN}|\0(?:.*\0)?)ignore="),
    Needed("add_local_python_source", "0.67.28", r"\badd_local_python_source\b"),
    Needed("add_local_file", "0.66.40", r"\badd_local_file\b"),
    Needed("add_local_dir", "0.66.40", r"\badd_local_dir\b"),
    Needed("App.lookup", "0.64.109", r"\bApp\.lookup\b"),
    Needed("parameter", "0.64.48", r"\bparameter\("),
    Needed("extra_options=", "0.63.35", r"\bextra_options\b"),
    Needed("Sandbox.create", "0.63.29", r"\bSandbox\.create\b"),
    Needed("run_function(volumes=)", "0.62.236", rf"\brun_function{_WITHIN}\bvolumes="),
    Needed("Volume.listdir(recursive=)", "0.62.110", r"\brecursive=True"),
    Needed("FileEntryType", "0.62.67", r"\bFileEntryType\b"),
    Needed("App", "0.62.32", r"(?:\A|\0|\bmodal\.)App\b"),
    Needed("enter(snap=)", "0.61.23", r"\benter\(snap="),
    Needed("Volume.from_name(create_if_missing=)", "0.60.14", rf"\bVolume\.from_name{_WITHIN}create_if_missing="),
    Needed("gpu H100", "0.56.4919", r"[\"']H100\b"),
    Needed("gpu A100-40GB, A100-80GB", "0.56.4700", r"[\"']A100-"),
    Needed("enter, exit", "0.56.4362", r"\b(?:enter\(|modal\.exit\()|(?:\A|\0|@)exit\("),
    Needed("gpu count", "0.52.3535", r"[\"'](?:T4|L4|A10G|A100|H100|L40S|any)[\w-]*:"),
    Needed("gpu L4", "0.52.3414", r"[\"']L4\b"),
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
    needed = latest(choice.needs, _written("\0".join(filter(None, texts))))
    return choice if needed == choice.needs else replace(choice, needs=needed)


@lru_cache(4096)
def _written(text: str) -> str:
    """Return the smallest SDK that takes a text; empty where all do."""
    return next((since for pattern, since in _patterns() if pattern.search(text)), "") if text else ""


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row.pattern, re.DOTALL), row.since) for row in SPELLINGS)


def latest(*needed: str) -> str:
    """Return the latest of some versions, of which each may be empty."""
    return max(needed, key=_key, default="")


def _key(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split("."))) if text else ()
