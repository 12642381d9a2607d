"""Every change of the SDK that is known: what finds it, or why nothing can.

A row is a use as it was written once. It is asked for by name, so that none is forgotten: `FOUND` names the section that
speaks of it, `NOT_FINDABLE` the reason where a program cannot tell.
"""

from __future__ import annotations

import pytest
from support.surfaces import look

HEAD = """
import modal
import modal.experimental
from modal import App, Dict, Image, NetworkFileSystem, Queue, Secret, Volume

stub = modal.Stub("a")
app = modal.App("b")
image = modal.Image.debian_slim(python_version="3.12")


@app.function()
def f(x=1): ...


@app.function()
def g():
    yield 1


@app.cls()
class C:
    @modal.method()
    def m(self): ...


K = modal.Cls.from_name("a", "C")
c = K()


def work(sandbox: modal.Sandbox, environment: modal.Environment, function: modal.Function, volume: modal.Volume):
"""

BEFORE = {
    # 13a, and what is added to it
    "Stub": ("modal.Stub('x')", "stub-app"),
    "stub and its app": ("stub.app.name", "stub-app"),
    "run_stub": ("modal.runner.run_stub(stub)", "stub-app"),
    "deploy_stub": ("modal.runner.deploy_stub(stub)", "stub-app"),
    "serve_stub": ("modal.serving.serve_stub(stub, 'x')", "stub-app"),
    "stub[...]": ("stub['x'] = 1", "stub-app"),
    "objects for App(...)": ("modal.App('a', data=modal.Dict.from_name('x'))", "stub-app"),
    "AioStub": ("modal.aio.AioStub()", "stub-app"),
    "a direct call": ("f(1)", "old-calls"),
    "call": ("f.call(1)", "old-calls"),
    "call.aio": ("f.call.aio(1)", "old-calls"),
    "submit": ("f.submit(1)", "old-calls"),
    "enqueue": ("f.enqueue(1)", "unknown-api"),
    "webhook": ("stub.webhook(f)", "old-endpoints"),
    "asgi": ("stub.asgi(f)", "old-endpoints"),
    "wsgi": ("stub.wsgi(f)", "old-endpoints"),
    "stub.web_endpoint": ("stub.web_endpoint(f)", "old-endpoints"),
    "stub.asgi_app": ("stub.asgi_app(f)", "old-endpoints"),
    "secret=": ("app.function(secret=Secret.from_name('x'))", "secrets"),
    "run_function(secret=)": ("image.run_function(f, secret=Secret.from_name('x'))", "secrets"),
    "Secret({})": ("modal.Secret({'a': 'b'})", "secrets"),
    "SharedVolume": ("modal.SharedVolume()", "shared-volumes"),
    "shared_volumes=": ("app.function(shared_volumes={})", "shared-volumes"),
    "persisted": ("Volume.persisted('x')", "persisted"),
    "persist": ("modal.SharedVolume().persist('x')", "persisted"),
    "new": ("Dict.new()", "persisted"),
    "Mount(local_dir=)": ("modal.Mount(local_dir='x')", "mount"),
    "create_package_mounts": ("modal.create_package_mounts(['x'])", "old-images"),
    "Image.copy": ("image.copy(modal.Mount.from_local_dir('x'), '/')", "mount"),
    "from_dockerhub": ("Image.from_dockerhub('x')", "old-images"),
    "conda": ("Image.conda()", "old-images"),
    "conda_install": ("image.conda_install('x')", "old-images"),
    "conda_update_from_environment": ("image.conda_update_from_environment('x')", "old-images"),
    "run_inside": ("image.run_inside()", "app-objects"),
    "is_inside": ("stub.is_inside()", "app-objects"),
    "container_app": ("modal.container_app.x", "app-objects"),
    "Image.extend": ("image.extend(dockerfile_commands=[])", "old-images"),
    "A100(memory=)": ("app.function(gpu=modal.gpu.A100(memory=20))", "gpu"),
    "gpu=True": ("app.function(gpu=True)", "gpu"),
    "interactive=": ("app.function(interactive=True)", "removed-arguments"),
    "checkpointing_enabled=": ("app.function(checkpointing_enabled=True)", "removed-arguments"),
    "_experimental_boost=": ("app.function(_experimental_boost=True)", "removed-arguments"),
    "_allow_background_volume_commits=": (
        "app.function(_allow_background_volume_commits=True)",
        "removed-arguments",
    ),
    "listdir with a pattern": ("volume.listdir('x/**')", "object-managers"),
    "spawn_sandbox": ("app.spawn_sandbox('sh', image=image)", "old-calls"),
    "run(show_progress=)": ("app.run(show_progress=False)", "removed-arguments"),
    "flags of pip_install": ("image.pip_install('x', '--pre')", "old-images"),
    "flags within a package": ("image.pip_install('x --pre')", "old-images"),
    "label=": ("modal.Function.from_name('a', label='b')", "lookup"),
    "tag=": ("modal.Function.lookup('a', tag='b')", "lookup"),
    "get_gen": ("f.spawn(1).get_gen()", "unknown-api"),
    "from_id(is_generator=)": ("modal.FunctionCall.from_id('x', is_generator=True)", "removed-arguments"),
    "retries= of a generator": ("app.function(retries=1)(g)", "removed-arguments"),
    "wait_for_response=": ("modal.web_endpoint(wait_for_response=True)(f)", "fastapi-endpoint"),
    "gather": ("modal.functions.gather(1)", "old-calls"),
    "indexed_objects": ("app.indexed_objects", "app-objects"),
    "resolve": ("f.resolve()", "lookup"),
    "num_active_runners": ("f.get_current_stats().num_active_runners", "unknown-api"),
    "ClsMixin": ("modal.cls.ClsMixin", "app-objects"),
    "Cls.remote": ("K.remote(1)", "app-objects"),
    "interactive_shell": ("app.interactive_shell()", "app-objects"),
    "deploy by position": ("app.deploy('x')", "old-calls"),
    "modal.lookup": ("modal.lookup('x')", "old-calls"),
    "FileType": ("modal.cli.volume.FileType", "old-images"),
    "method(keep_warm=)": ("modal.method(keep_warm=1)", "autoscaler"),
    "get_raw_f": ("f.get_raw_f()", "old-calls"),
    "app.image": ("app.image.pip_install('x')", "app-objects"),
    "app.image, set": ("app.image = image", "app-objects"),
}
AFTER = {
    # 13b, and what is added to it
    "namespace=": ("modal.Volume.from_name('x', namespace=1)", "removed-arguments-1x"),
    "deploy_app(namespace=)": ("modal.runner.deploy_app(app, namespace=1)", "removed-arguments-1x"),
    "allow_cross_region_volumes=": ("app.function(allow_cross_region_volumes=True)", "removed-arguments-1x"),
    "_experimental_scheduler_placement=": (
        "app.function(_experimental_scheduler_placement=modal.SchedulerPlacement(region='us'))",
        "removed-arguments-1x",
    ),
    "_experimental_proxy_ip=": ("app.function(_experimental_proxy_ip='x')", "removed-arguments-1x"),
    "_experimental_custom_scaling_factor=": (
        "app.function(_experimental_custom_scaling_factor=1)",
        "removed-arguments-1x",
    ),
    "_experimental_enable_gpu_snapshot=": ("app.cls(_experimental_enable_gpu_snapshot=True)", "removed-arguments-1x"),
    "experimental.update_autoscaler": ("modal.experimental.update_autoscaler(f, min_containers=1)", "autoscaler-api"),
    "keep_warm()": ("f.keep_warm(1)", "autoscaler"),
    "update_autoscaler": ("f.update_autoscaler(min_containers=1)", "autoscaler-api"),
    "web_url": ("f.web_url", "lookup"),
    "wrap_returned_exceptions=": ("f.map([], wrap_returned_exceptions=False)", "removed-arguments-1x"),
    "from_name(data=)": ("Dict.from_name('x', data={})", "removed-arguments-1x"),
    "ephemeral(data)": ("Dict.ephemeral({})", "removed-arguments-1x"),
    "Volume.delete": ("Volume.delete('x')", "object-managers"),
    "Secret.create_deployed": ("Secret.create_deployed('x', {})", "object-managers"),
    "max_inputs=": ("app.function(max_inputs=1)", "removed-arguments-1x"),
    "create(environment_name=)": ("modal.Sandbox.create(app=app, environment_name='x')", "removed-arguments-1x"),
    "create(pty_info=)": ("modal.Sandbox.create(app=app, pty_info=None)", "removed-arguments-1x"),
    "exec(pty_info=)": ("sandbox.exec('x', pty_info=None)", "removed-arguments-1x"),
    "set_tags(client=)": ("sandbox.set_tags({}, client=None)", "removed-arguments-1x"),
    "cidr_allowlist=": ("modal.Sandbox.create(app=app, cidr_allowlist=[])", "removed-arguments-1x"),
    "Sandbox.open": ("sandbox.open('x')", "sandbox-files"),
    "Sandbox.ls": ("sandbox.ls('x')", "sandbox-files"),
    "Sandbox.mkdir": ("sandbox.mkdir('x')", "sandbox-files"),
    "Sandbox.rm": ("sandbox.rm('x')", "sandbox-files"),
    "Sandbox.watch": ("sandbox.watch('x')", "sandbox-files"),
    "file_io": ("modal.file_io.FileIO", "sandbox-files"),
    "Sandbox.list() of all": ("modal.Sandbox.list()", "removed-arguments-1x"),
    "Environment.lookup": ("modal.environments.Environment.lookup('x')", "lookup"),
    "Environment.members": ("environment.members.list()", "renamed-names-1x"),
    "from_id.aio": ("modal.FunctionCall.from_id.aio('x')", "async-calls"),
    "clustered": ("modal.experimental.clustered(2)", "renamed-names-1x"),
    "stop_app": ("modal.experimental.stop_app('x')", "renamed-names-1x"),
    "workspace_billing_report": ("modal.billing.workspace_billing_report()", "renamed-names-1x"),
    "NetworkFileSystem": ("NetworkFileSystem.from_name('x')", "network-file-system"),
    "network_file_systems=": ("app.function(network_file_systems={})", "network-file-system"),
    "registered_functions": ("app.registered_functions", "renamed-names-1x"),
    "Function.is_generator": ("f.is_generator", "unknown-api"),
    "Function.stub": ("f.stub", "unknown-api"),
    "Function.tag": ("f.tag", "unknown-api"),
    "Function.spec": ("f.spec", "unknown-api"),
    "App.is_interactive": ("app.is_interactive", "unknown-api"),
    "is_hydrated": ("f.is_hydrated", "unknown-api"),
    "deps": ("volume.deps", "unknown-api"),
    "local_uuid": ("volume.local_uuid", "unknown-api"),
    "modal.snapshot": ("modal.snapshot.SandboxSnapshot", "renamed-names-1x"),
    "enable_output() as": ("\n    with modal.enable_output() as x: x", "renamed-names-1x"),
    "unencrypted Tunnel.url": ("\n    with modal.forward(1, unencrypted=True) as x: x.url", "renamed-names-1x"),
    "App.run by position": ("app.run(None)", "old-calls"),
    "with_options by position": ("K.with_options(1)", "old-calls"),
    "from_name by position": ("Volume.from_name('x', 'main')", "old-calls"),
    "function without brackets": ("app.function(f)", "old-calls"),
    # 6 of the whole distance
    "set_description": ("app.set_description('x')", "renamed-names-1x"),
    "get_build_def": ("f.get_build_def()", "unknown-api"),
    "Function.from_local": ("modal.Function.from_local", "unknown-api"),
    "Cls.from_local": ("modal.Cls.from_local", "unknown-api"),
    "set_env_client": ("modal.Client.set_env_client(None)", "renamed-names-1x"),
    "Function.info": ("function.info.function_name", "renamed-names-1x"),
    "clone": ("volume.clone()", "unknown-api"),
    "with_options(concurrency_limit=)": ("K.with_options(concurrency_limit=1)", "autoscaler"),
    "with_options(allow_concurrent_inputs=)": ("K.with_options(allow_concurrent_inputs=1)", "concurrent"),
    "from_name(workspace=)": ("modal.Cls.from_name('a', 'b', workspace='c')", "removed-arguments-1x"),
    "raw_registry_image": ("modal.experimental.raw_registry_image('x')", "renamed-names-1x"),
    "raw_dockerfile_image": ("modal.experimental.raw_dockerfile_image('x')", "renamed-names-1x"),
    "notebook_base_image": ("modal.experimental.notebook_base_image()", "renamed-names-1x"),
    "create(entrypoint_args=)": ("modal.Sandbox.create(entrypoint_args=['x'], app=app)", "removed-arguments-1x"),
    "exec(cmds=)": ("sandbox.exec(cmds=['x'])", "removed-arguments-1x"),
    "enable_output(show_progress=)": ("modal.enable_output(show_progress=True)", "removed-arguments-1x"),
    "_experimental_mount_image": ("sandbox._experimental_mount_image('x', None)", "renamed-names-1x"),
    "_experimental_snapshot_directory": ("sandbox._experimental_snapshot_directory('x')", "renamed-names-1x"),
    "_experimental_from_snapshot_v2": ("modal.Sandbox._experimental_from_snapshot_v2(None)", "renamed-names-1x"),
    "_experimental_server": ("app._experimental_server()", "renamed-names-1x"),
    "Server.get_urls": ("modal.Server.from_name('a', 'b').get_urls()", "unknown-api"),
    "flash_prometheus_autoscaler": ("modal.experimental.flash_prometheus_autoscaler()", "unknown-api"),
    "PendingDeprecationError": ("modal.exception.PendingDeprecationError", "renamed-names-1x"),
    "FilesystemExecutionError": ("modal.exception.FilesystemExecutionError", "renamed-names-1x"),
    "modal.sandbox_fs": ("modal.sandbox_fs.x", "unknown-api"),
    "ensure_env": ("modal.environments.ensure_env()", "renamed-names-1x"),
    "Client.stub": ("modal.Client.from_env().stub", "renamed-names-1x"),
    "env() of what is no text": ("image.env({'a': 1})", "old-images"),
    "micromamba()": ("Image.micromamba()", "python-version"),
    "Python 3.10": ("Image.debian_slim(python_version='3.10')", "python-version"),
    "block_network= with ports": (
        "modal.Sandbox.create(app=app, block_network=True, encrypted_ports=[1])",
        "removed-arguments-1x",
    ),
    "read_only": ("volume.read_only()", "renamed-names-1x"),
}
WHOLE = {
    "lifecycle hooks": (
        "import modal\napp = modal.App()\n@app.cls()\nclass A:\n    def __enter__(self): ...\n",
        "lifecycle-hooks",
    ),
    "an exit method with parameters": (
        "import modal\napp = modal.App()\n@app.cls()\nclass A:\n    @modal.exit()\n    def e(self, a, b, c): ...\n",
        "lifecycle-hooks",
    ),
    "function on a method": (
        "import modal\nstub = modal.Stub()\nclass A:\n    @stub.function()\n    def e(self): ...\n",
        "stub-app",
    ),
    "asgi_app of a function with parameters": (
        "import modal\napp = modal.App()\n@app.function()\n@modal.asgi_app()\ndef web(x=1): ...\n",
        "old-endpoints",
    ),
    "a list as an annotation": (
        "import modal\napp = modal.App()\n@app.cls()\nclass A:\n    @modal.method()\n    def e(self, v: [float]): ...\n",
        "annotations",
    ),
    "a blocking call": (
        "import modal\napp = modal.App()\n@app.function()\ndef f(): ...\nasync def g():\n    f.remote()\n",
        "async-calls",
    ),
    "a function of the running app": (
        "import modal\napp = modal.App()\n@app.function()\ndef f(): ...\nwith app.run() as running:\n    running.f.remote()\n",
        "old-calls",
    ),
    "GRPCError": (
        "import modal\nfrom grpclib import GRPCError\ntry:\n    modal.App.lookup('x')\nexcept GRPCError:\n    pass\n",
        "renamed-names-1x",
    ),
    "MODAL_ASYNC_WARNINGS": ("import os\nimport modal\nos.environ['MODAL_ASYNC_WARNINGS'] = '0'\n", "renamed-names-1x"),
    "a web endpoint on an image without fastapi": (
        "import modal\napp = modal.App()\nimage = modal.Image.debian_slim()\n"
        "@app.function(image=image)\n@modal.fastapi_endpoint()\ndef f(): ...\n",
        "endpoint-images",
    ),
    "the same Volume at two paths": (
        "import modal\napp = modal.App()\nv = modal.Volume.from_name('x')\n"
        "@app.function(volumes={'/a': v, '/b': v})\ndef f(): ...\n",
        "removed-arguments-1x",
    ),
}


def sections(code: str, first: int = 1) -> set[str]:
    """Return the sections that speak of a file from a line on."""
    findings = look("main.py", code.encode()).findings
    return {each.section for each in findings if any(site.line >= first for site in each.sites)}


@pytest.mark.parametrize("table", [BEFORE, AFTER], ids=["before", "after"])
def test_every_use_is_found(table: dict[str, tuple[str, str]]) -> None:
    line = HEAD.count("\n") + 1
    found = {name: sections(f"{HEAD}    {code}\n", line) for name, (code, _) in table.items()}
    assert {name: found[name] for name, (_, section) in table.items() if section not in found[name]} == {}


def test_every_program_is_spoken_of() -> None:
    found = {name: sections(code) for name, (code, _) in WHOLE.items()}
    assert {name: found[name] for name, (_, section) in WHOLE.items() if section not in found[name]} == {}
