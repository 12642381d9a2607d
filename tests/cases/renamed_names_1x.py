"""Cases of ``renamed-names-1x``: 0.77 has few of the old names and none of the new; 1.6.4 warns or has only the new."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

SAFE, REVIEW, MANUAL = Applicability.SAFE, Applicability.REVIEW, Applicability.MANUAL
MOVED = Proof(Sdk.ACCEPTS, Sdk.FAILS, Sdk.WARNS, Sdk.ACCEPTS, why="0.77 does not have the new name")
GONE = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 has both")
GONE_MOVED = Proof(Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 does not have the new name")
GONE_CALLED = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 has both", calls=True)
YOUNG = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.WARNS, Sdk.ACCEPTS, why="0.77 has neither", calls=True)
LEFT = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten")
LEFT_CALLED = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten", calls=True)
LEFT_YOUNG = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.WARNS, Sdk.WARNS, why="0.77 does not have it", calls=True)
NEITHER = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="0.77 does not have it yet", calls=True)
LEFT_WARNS = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.WARNS, Sdk.WARNS, why="nothing is rewritten", calls=True)
NOT_ASKED = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="nothing calls it")


def cluster(decorator: str, imports: str = "import modal.experimental\n") -> str:
    """Return a file with a function that runs on several machines."""
    return f'import modal\n{imports}\napp = modal.App("a")\n\n@app.function()\n@{decorator}\ndef f(): ...\n'


def work(line: str, head: str = "def work(client, environment: 'modal.Environment'):") -> str:
    """Return a file with a function of one line."""
    return f"import modal\nimport modal.experimental\n\n{head}\n    {line}\n"


def case(id: str, before: str, after: str, rule: str, level: Applicability = REVIEW, proof: Proof = MOVED) -> Case:
    """Return a case of one name."""
    return Case(id, before, after, (rule,), level, proof=proof)


def left(id: str, code: str, rule: str, proof: Proof = LEFT) -> Case:
    """Return a case that a person has to rewrite."""
    return Case(id, code, code, (rule,), MANUAL, proof=proof)


CASES = [
    case(
        "clustered",
        cluster("modal.experimental.clustered(2, rdma=True)"),
        cluster("modal.clustered(size=2, rdma=True)", ""),
        "clustered",
    ),
    case(
        "clustered-with-broadcast",
        cluster("modal.experimental.clustered(size=2, broadcast=True)"),
        cluster("modal.clustered(size=2)", ""),
        "clustered",
    ),
    case(
        "clustered-imported",
        cluster("clustered(size=2)", "from modal.experimental import clustered\n"),
        cluster("modal.clustered(size=2)", ""),
        "clustered",
    ),
    left(
        "clustered-with-a-fabric",
        cluster("modal.experimental.clustered(2, fabric_size=2)"),
        "clustered-by-hand",
        Proof(Sdk.FAILS, Sdk.FAILS, Sdk.WARNS, Sdk.WARNS, why="0.77 does not take it"),
    ),
    left(
        "clustered-without-broadcast",
        cluster("modal.experimental.clustered(2, broadcast=False)"),
        "clustered-by-hand",
        Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="neither has it; nothing is rewritten"),
    ),
    case(
        "stopped",
        work('modal.experimental.stop_app("a", client=client)'),
        work('modal.App.lookup("a", client=client).stop()').replace("import modal.experimental\n", ""),
        "stop-app",
        proof=YOUNG,
    ),
    left(
        "stopped-in-async-code",
        work('await modal.experimental.stop_app.aio("a")', "async def work():"),
        "stop-app-by-hand",
        LEFT_YOUNG,
    ),
    case(
        "members",
        work("print(environment.members.list())"),
        work("print(environment.roles.list())"),
        "members",
        proof=NOT_ASKED,
    ),
    left("members-removed", work('environment.members.remove(users=["u"])'), "members-by-hand", NOT_ASKED),
    case(
        "pending",
        "import warnings\n\nimport modal\n\nwarnings.simplefilter('ignore', modal.exception.PendingDeprecationError)\n",
        "import warnings\n\nimport modal\n\nwarnings.simplefilter('ignore', modal.exception.DeprecationError)\n",
        "pending-deprecation",
        proof=GONE,
    ),
    case(
        "pending-imported",
        "from modal.exception import PendingDeprecationError\n\nKINDS = (PendingDeprecationError,)\n",
        "from modal.exception import DeprecationError\n\nKINDS = (DeprecationError,)\n",
        "pending-deprecation",
        proof=GONE,
    ),
    case(
        "filesystem-error",
        "import modal\n\nERRORS = (modal.exception.FilesystemExecutionError,)\n",
        "import modal\n\nERRORS = (modal.exception.SandboxFilesystemError,)\n",
        "filesystem-error",
        proof=GONE_MOVED,
    ),
    case(
        "raw-image",
        work("return modal.experimental.raw_registry_image('r', force_build=True).env({})"),
        work("return modal.Image.from_registry('r', force_build=True).env({})").replace(
            "import modal.experimental\n", ""
        ),
        "raw-image",
        proof=GONE_CALLED,
    ),
    case(
        "raw-image-imported",
        "import modal\nfrom modal.experimental import raw_dockerfile_image\n\n"
        "def work():\n    return raw_dockerfile_image('Dockerfile').env({})\n",
        "import modal\n\ndef work():\n    return modal.Image.from_dockerfile('Dockerfile').env({})\n",
        "raw-image",
        proof=GONE_CALLED,
    ),
    left(
        "raw-image-with-a-login",
        work("return modal.experimental.raw_registry_image('r', s, 'aws')", "def work(s: 'modal.Secret'):"),
        "raw-image",
        LEFT_CALLED,
    ),
    left(
        "raw-image-handed-on",
        work("return map(modal.experimental.raw_registry_image, ['r'])"),
        "raw-image",
        LEFT_CALLED,
    ),
    left("notebook-image", work("modal.experimental.notebook_base_image()"), "experimental-image", NEITHER),
    left(
        "registered",
        'import modal\n\napp = modal.App("a")\nprint(app.registered_functions)\n',
        "registered",
        LEFT_WARNS,
    ),
    left(
        "registered-of-an-app-that-is-looked-up",
        work('return modal.App.lookup("a", client=client).registered_classes'),
        "registered",
        LEFT_CALLED,
    ),
    left("description", 'import modal\n\napp = modal.App("a")\napp.set_description("d")\n', "description"),
]

NEAR_MISSES = [
    NearMiss("clustered-of-today", cluster("modal.clustered(size=2)", "")),
    NearMiss("another-experimental", work("modal.experimental.get_cluster_info()")),
    NearMiss("roles", work("environment.roles.list()")),
    NearMiss("members-of-another", "import modal\n\ndef f(club): return club.members.list()\n"),
    NearMiss("registered-of-another", "import modal\n\ndef f(registry): return registry.registered_functions\n"),
    NearMiss(
        "pythons-own", "import modal\nimport warnings\n\nwarnings.simplefilter('ignore', PendingDeprecationError)\n"
    ),
    NearMiss("snapshot", "import modal\n\ndef f(sandbox: modal.Sandbox): return sandbox.snapshot_filesystem()\n"),
]
