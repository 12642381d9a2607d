"""Cases of ``removed-arguments-1x``: 0.77 has the old arguments and few of the new, 1.6.4 warns or has them no more."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

SAFE, REVIEW, MANUAL = Applicability.SAFE, Applicability.REVIEW, Applicability.MANUAL
YOUNG = "0.77 does not have the new argument"
RENAMED = Proof(Sdk.ACCEPTS, Sdk.FAILS, Sdk.WARNS, Sdk.ACCEPTS, why=YOUNG)
REPLACED = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 has both")
GONE = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 takes it", calls=True)
LEFT = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten")
LEFT_CALLED = Proof(Sdk.WARNS, Sdk.WARNS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten", calls=True)
NONE = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="None says nothing in either")
REFUSED = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="neither takes it; nothing is rewritten")
NOT_ASKED = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="nothing calls it")


def function(arguments: str) -> str:
    """Return a file with one function under these arguments."""
    return f'import modal\n\napp = modal.App("a")\n\n@app.function({arguments})\ndef f(): ...\n'


def work(line: str, head: str = "def work(sandbox: modal.Sandbox, client, app: modal.App):") -> str:
    """Return a file with a function of one line."""
    return f"import modal\n\n{head}\n    {line}\n"


def case(id: str, before: str, after: str, rule: str, level: Applicability = REVIEW, proof: Proof = RENAMED) -> Case:
    """Return a case of one argument."""
    return Case(id, before, after, (rule,), level, proof=proof)


def left(id: str, code: str, rule: str, proof: Proof = LEFT) -> Case:
    """Return a case that a person has to rewrite."""
    return Case(id, code, code, (rule,), MANUAL, proof=proof)


CREATE = "modal.Sandbox.create(app=app, client=client"

CASES = [
    case(
        "cross-region-volumes",
        function("allow_cross_region_volumes=True, cpu=1"),
        function("cpu=1"),
        "cross-region-volumes",
        Applicability.SAFE,
        Proof(Sdk.WARNS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS),
    ),
    case("max-inputs", function("max_inputs=1, cpu=1"), function("single_use_containers=True, cpu=1"), "single-use"),
    case(
        "max-inputs-of-a-class",
        'import modal\n\napp = modal.App("a")\n\n@app.cls(max_inputs=1)\nclass A: ...\n',
        'import modal\n\napp = modal.App("a")\n\n@app.cls(single_use_containers=True)\nclass A: ...\n',
        "single-use",
    ),
    case("max-inputs-none", function("max_inputs=None, cpu=1"), function("cpu=1"), "single-use", proof=NONE),
    left("max-inputs-two", function("max_inputs=2"), "single-use-by-hand", REFUSED),
    case(
        "gpu-snapshot",
        function("_experimental_enable_gpu_snapshot=True, gpu='T4'"),
        function("experimental_options={\"enable_gpu_snapshot\": True}, gpu='T4'"),
        "gpu-snapshot",
        proof=REPLACED,
    ),
    left(
        "gpu-snapshot-beside-options",
        function("_experimental_enable_gpu_snapshot=True, experimental_options={}"),
        "gpu-snapshot-by-hand",
    ),
    case(
        "pty",
        work('sandbox.exec("sh", pty_info=PTY)').replace("def work", "PTY = None\n\ndef work"),
        work('sandbox.exec("sh", pty=True)').replace("def work", "PTY = None\n\ndef work"),
        "pty",
        proof=Proof(Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="PTY stands for one", calls=True),
    ),
    case(
        "environment",
        work(f'{CREATE}, environment_name="e")'),
        work(f"{CREATE})"),
        "sandbox-environment",
        proof=NOT_ASKED,
    ),
    case(
        "allowlist",
        work(f'{CREATE}, cidr_allowlist=["10.0.0.0/8"])'),
        work(f'{CREATE}, outbound_cidr_allowlist=["10.0.0.0/8"])'),
        "sandbox-allowlist",
        proof=NOT_ASKED,
    ),
    case(
        "tags",
        work('sandbox.set_tags({"a": "b"}, client=client)'),
        work('sandbox.set_tags({"a": "b"})'),
        "sandbox-tags-client",
        proof=NOT_ASKED,
    ),
    case(
        "wrapped",
        work('return list(modal.Function.from_name("a", "f").map([1], wrap_returned_exceptions=False))'),
        work('return list(modal.Function.from_name("a", "f").map([1]))'),
        "wrapped-exceptions",
        proof=NOT_ASKED,
    ),
    case(
        "progress",
        "import modal\n\nwith modal.enable_output(show_progress=True):\n    pass\n",
        "import modal\n\nwith modal.enable_output():\n    pass\n",
        "shown-progress",
        SAFE,
        GONE,
    ),
    case(
        "no-progress",
        "import modal\n\nwith modal.enable_output(show_progress=False):\n    pass\n",
        "import modal\n\nwith modal.enable_output():\n    pass\n",
        "shown-progress",
        REVIEW,
        GONE,
    ),
    case(
        "scaling-factor",
        function("_experimental_custom_scaling_factor=0.5"),
        function(""),
        "scaling-factor",
        proof=GONE,
    ),
    left(
        "placement",
        function('_experimental_scheduler_placement=modal.scheduler_placement.SchedulerPlacement(region="us")'),
        "scheduler-placement",
        LEFT,
    ),
    left("proxy", function('_experimental_proxy_ip="1.2.3.4"'), "proxy-ip"),
    left("dict-data", work('modal.Dict.from_name("d", data={"a": 1})'), "dict-data", LEFT_CALLED),
]

NEAR_MISSES = [
    NearMiss(
        "inputs-of-concurrent",
        'import modal\n\napp = modal.App("a")\n\n@app.function()\n@modal.concurrent(max_inputs=4)\ndef f(): ...\n',
    ),
    NearMiss("environment-of-a-lookup", work('modal.Volume.from_name("v", environment_name="e")')),
    NearMiss("workspace-of-another", "import modal\n\ndef f(client): client.from_name('a', workspace='w')\n"),
    NearMiss("data-of-another", "import modal\nimport requests\n\nrequests.post('u', data={})\n"),
    NearMiss("client-of-a-lookup", work('modal.Sandbox.from_id("sb-1", client=client)')),
    NearMiss("pty-of-today", work('sandbox.exec("sh", pty=True)')),
    NearMiss("progress-of-another", "import modal\nimport tqdm\n\ndef f(x): x.run(show_progress=True)\n"),
]
