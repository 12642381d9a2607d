"""How git is asked what only reads: the options and the environment of such a call."""

from __future__ import annotations

PATIENCE = 120.0
"""Seconds that a command which only reads may take: git itself waits forever for a pipe called ``.gitignore``."""

ELSEWHERE = (
    "GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_COMMON_DIR GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES "
    "GIT_NAMESPACE GIT_PREFIX GIT_CONFIG GIT_GRAFT_FILE GIT_SHALLOW_FILE GIT_QUARANTINE_PATH "
    "GIT_IMPLICIT_WORK_TREE GIT_INTERNAL_SUPER_PREFIX GIT_EXTERNAL_DIFF GIT_DIFF_OPTS "
    "GIT_GLOB_PATHSPECS GIT_NOGLOB_PATHSPECS GIT_ICASE_PATHSPECS GIT_LITERAL_PATHSPECS"
).split()
"""Variables that send git to another repository than the one in front of us, or change what its answers mean.

A hook or an alias of the person may have set them; the person's identity, ssh and configuration variables stay.
"""

READING = tuple(
    option
    for setting in (
        "core.fsmonitor=false",
        "core.hooksPath=/dev/null",
        "core.quotePath=false",
        "core.pager=cat",
        "color.ui=false",
        "diff.external=",
        "log.showSignature=false",
        "status.relativePaths=false",
        "submodule.recurse=false",
    )
    for option in ("-c", setting)
)
"""What a hostile or unusual configuration could run or change when git is only asked."""


def reading_environment() -> dict[str, str]:
    """Return what the environment of a command that only reads adds; it fetches nothing either."""
    return {
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_PAGER": "cat",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
    }
