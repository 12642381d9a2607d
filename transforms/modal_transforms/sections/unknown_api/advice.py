"""What to write instead of what has gone and no other section speaks of, where that is known."""

from __future__ import annotations

_ADVICE = {
    "modal.App().function(wait_for_response=)": "Delete the argument: an endpoint always waits.",
    "modal.Image().extend": "Write the steps one by one: dockerfile_commands, run_commands, pip_install.",
    "modal.Sandbox.create(entrypoint_args=)": "Give the words of the command by position.",
    "modal.Sandbox().exec(cmds=)": "Give the words of the command by position.",
    "modal.file_io": "Use sb.filesystem, with absolute paths.",
}


def advice_on(symbol: str) -> str:
    """Return what to write instead of a symbol that has gone; empty where that is not known."""
    return _ADVICE.get(symbol, "")
