"""What to write instead of what has gone and no other section speaks of, where that is known."""

from __future__ import annotations

_ADVICE = {
    "modal.App().function(wait_for_response=)": "Delete the argument: an endpoint always waits.",
    "modal.App().serve": "Run `modal serve FILE`, or use modal.serving.serve_app(app, ...) in a with block.",
    "modal.S3Mount": "Write modal.CloudBucketMount(bucket_name, secret=...), among the volumes.",
    "modal.Volume().download": "Loop over volume.read_file(path), or run `modal volume get NAME PATH`.",
    "modal.Volume().upload": "Put files in a with block: `with volume.batch_upload() as batch: batch.put_file(...)`.",
    "modal.Image().extend": "Write the steps one by one: dockerfile_commands, run_commands, pip_install.",
    "modal.Sandbox.create(entrypoint_args=)": "Give the words of the command by position.",
    "modal.Sandbox().exec(cmds=)": "Give the words of the command by position.",
    "modal.file_io": "Use sb.filesystem, with absolute paths.",
}


def advice_on(symbol: str) -> str:
    """Return what to write instead of a symbol that has gone; empty where that is not known."""
    return _ADVICE.get(symbol, "")
