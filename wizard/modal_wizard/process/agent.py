"""Whether an agent sits in front of the terminal, by the variables that agents set for what they run.

What is set for every terminal of an editor that has an agent too (``CURSOR_TRACE_ID``, ``REPL_ID``) does not count, nor
what a person sets to configure one (``CODEX_HOME``): a person gets the screens.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

CONVENTIONS = ("AI_AGENT", "AGENT")
"""What any agent may set, to its name."""
OWN = (
    "AMP_CURRENT_THREAD_ID",
    "ANTIGRAVITY_AGENT",
    "AUGMENT_AGENT",
    "CLAUDECODE",
    "CLAUDE_CODE",
    "CLINE_ACTIVE",
    "CODEX_CI",
    "CODEX_SANDBOX",
    "CODEX_SANDBOX_NETWORK_DISABLED",
    "CODEX_THREAD_ID",
    "COPILOT_CLI",
    "CURSOR_AGENT",
    "GEMINI_CLI",
    "GOOSE_TERMINAL",
    "OPENCODE",
    "OPENCODE_CLIENT",
    "PI_CODING_AGENT",
    "QWEN_CODE",
)
"""What single agents set."""
_NOTHING = frozenset({"", "0", "false", "no", "off"})


def agent_variable(environment: Mapping[str, str] = os.environ) -> str:
    """Return the name of the variable that tells of an agent; empty where none does."""
    set_ones = (name for name in (*CONVENTIONS, *OWN) if environment.get(name, "").strip().lower() not in _NOTHING)
    return next(set_ones, "")
