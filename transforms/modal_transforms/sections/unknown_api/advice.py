"""What to write instead of what has gone, where that is known."""

from __future__ import annotations

_FILESYSTEM = "Use sb.filesystem, with absolute paths"
_NAMED = "Write {0}.from_name(name, create_if_missing=True)."
_OBJECTS = ("Volume", "NetworkFileSystem", "Dict", "Queue")
_ADVICE = {
    "modal.Function().call": "Write .remote(...), or .remote_gen(...) for a generator.",
    "modal.Function().get_raw_f": "Call .local(...), or keep the work in a plain function that this one calls.",
    "modal.Function().submit": "Write .spawn(...).",
    "modal.functions.gather": "Write modal.FunctionCall.gather(...).",
    "modal.Image.from_dockerhub": "Write modal.Image.from_registry, which takes the same.",
    "modal.Image().run_inside": "Write `with image.imports():`.",
    "modal.App().is_inside": "Put imports under `with image.imports():`; for the rest ask `if not modal.is_local():`.",
    "modal.is_inside": "Put imports under `with image.imports():`; for the rest ask `if not modal.is_local():`.",
    "modal.App().image": "Keep the image in a variable, and read that.",
    "modal.App().spawn_sandbox": "Write modal.Sandbox.create(..., app=app), with the image= of the app.",
    "modal.SharedVolume": "Write modal.NetworkFileSystem, which holds the same data; modal.Volume is what goes on.",
    "modal.cls.ClsMixin": "Delete the base class and this import; Cls.remote(...) is Cls(...) then.",
    "modal.Cls().remote": "Make the instance by a call: Cls(...).",
    "modal.Mount": "Add files to the image: add_local_dir, add_local_file, add_local_python_source.",
    "modal.create_package_mounts": 'Write image.add_local_python_source("package").',
    "modal.container_app": "Read what you need of it from a variable of the module.",
    "modal.cli.volume.FileType": "Write modal.volume.FileEntryType.",
    "modal.Image.conda": "Write modal.Image.micromamba.",
    "modal.Image().conda_install": "Write .micromamba_install.",
    "modal.Image().conda_update_from_environment": "Write .micromamba_install(spec_file=...).",
    "modal.experimental.update_autoscaler": "Write f.autoscaler.update(...).",
    "modal.Sandbox().open": f"{_FILESYSTEM}: read_text(path), write_text(data, path).",
    "modal.Sandbox().ls": f"{_FILESYSTEM}: list_files(path), which gives FileInfo objects.",
    "modal.Sandbox().mkdir": f"{_FILESYSTEM}: make_directory(path, create_parents=...).",
    "modal.Sandbox().rm": f"{_FILESYSTEM}: remove(path, recursive=...).",
    "modal.Sandbox().watch": f"{_FILESYSTEM}: watch(path).",
    "modal.App().function(secret=)": "Write secrets=[...].",
    "modal.App().cls(secret=)": "Write secrets=[...].",
    "modal.Image().run_function(secret=)": "Write secrets=[...].",
    "modal.App().function(shared_volumes=)": "Write network_file_systems=.",
    "modal.App().cls(shared_volumes=)": "Write network_file_systems=.",
    "modal.App().run(show_progress=)": "Write `with modal.enable_output(), app.run():` for True, nothing for False.",
}
_DELETED = frozenset(
    "_allow_background_volume_commits allow_cross_region_volumes _experimental_boost interactive wait_for_response "
    "namespace".split()
)
"""Arguments that have nothing to say any more."""


def advice_on(symbol: str) -> str:
    """Return what to write instead of a symbol that has gone; empty where that is not known."""
    if symbol in _ADVICE:
        return _ADVICE[symbol]
    if symbol.endswith("=)"):
        return "Delete the argument." if symbol.rpartition("(")[2][:-2] in _DELETED else ""
    owner, _, name = symbol.rpartition(".")
    kind = owner.removesuffix("()")
    if kind.removeprefix("modal.") not in _OBJECTS:
        return ""
    if name in {"persisted", "persist"}:
        return _NAMED.format(kind)
    if name == "new":
        return f"{_NAMED.format(kind)} What it holds stays; for one run, `with {kind}.ephemeral() as ...`."
    if name in {"delete", "create_deployed"}:
        return f"Write {kind}.objects.{name.partition('_')[0]}(name)."
    return ""
