"""Cases of ``autoscaler-api``: 1.6.4 warns of the old API, and only 1.6.2 and newer have the new one."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

REVIEW, MANUAL = Applicability.REVIEW, Applicability.MANUAL
UPDATE, BY_HAND = "autoscaler-update", "autoscaler-update-by-hand"
HEAD = """import modal

app = modal.App("a")

@app.function()
def f(): ...

@app.cls()
class Model:
    @modal.method()
    def run(self): ...

"""
WARNS = Proof(Sdk.ACCEPTS, Sdk.FAILS, Sdk.WARNS, Sdk.ACCEPTS, why="0.77 has no autoscaler", calls=True)
GONE = Proof(Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 has no autoscaler", calls=True)
LEFT = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.WARNS, Sdk.WARNS, why="nothing is rewritten", calls=True)
LEFT_GONE = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten", calls=True)
REFUSED = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten", calls=True)
NO_SERVER = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="0.77 has no servers; nothing calls it")
NOT_ASKED = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="nothing calls it")


def work(line: str, head: str = "def work(n=1):") -> str:
    """Return a file with a function of one line."""
    return f"{HEAD}{head}\n    {line}\n"


def case(id: str, before: str, after: str, proof: Proof = WARNS, head: str = "def work(n=1):") -> Case:
    """Return a case of one line."""
    return Case(id, work(before, head), work(after, head), (UPDATE,), REVIEW, proof=proof)


def left(id: str, line: str, rule: str = BY_HAND, proof: Proof = LEFT) -> Case:
    """Return a case that a person has to rewrite."""
    return Case(id, work(line), work(line), (rule,), MANUAL, proof=proof)


BY_NAME = 'modal.Function.from_name("a", "f")'

CASES = [
    case(
        "function", f"{BY_NAME}.update_autoscaler(min_containers=2)", f"{BY_NAME}.autoscaler.update(min_containers=2)"
    ),
    case(
        "own-function",
        "f.update_autoscaler(min_containers=2)",
        "f.autoscaler.update(min_containers=2)",
        proof=NOT_ASKED,
    ),
    case(
        "none-is-left-out",
        f"{BY_NAME}.update_autoscaler(min_containers=2, max_containers=None, scaledown_window=60)",
        f"{BY_NAME}.autoscaler.update(min_containers=2, scaledown_window=60)",
    ),
    case(
        "only-none",
        f"{BY_NAME}.update_autoscaler(max_containers=None)",
        f"{BY_NAME}.autoscaler.update()",
    ),
    case(
        "value-that-depends",
        f"{BY_NAME}.update_autoscaler(min_containers=n)",
        f"{BY_NAME}.autoscaler.update(min_containers=n)",
    ),
    case(
        "awaited",
        f"await {BY_NAME}.update_autoscaler.aio(min_containers=2)",
        f"await {BY_NAME}.autoscaler.update.aio(min_containers=2)",
        head="async def work():",
    ),
    case(
        "experimental",
        f"modal.experimental.update_autoscaler({BY_NAME}, min_containers=2)",
        f"{BY_NAME}.autoscaler.update(min_containers=2)",
        proof=NOT_ASKED,
    ),
    case(
        "server",
        'modal.Server.from_name("a", "s").update_autoscaler(min_containers=2)',
        'modal.Server.from_name("a", "s").autoscaler.update(min_containers=2)',
        proof=NOT_ASKED,
    ),
    left("splat", f"{BY_NAME}.update_autoscaler(**{{'min_containers': n}})"),
    left("instance", "Model().update_autoscaler(min_containers=2)", "autoscaler-instance", NOT_ASKED),
    left(
        "instance-by-name",
        'modal.Cls.from_name("a", "Model")().update_autoscaler(min_containers=2)',
        "autoscaler-instance",
    ),
    left("method", "Model().run.update_autoscaler(min_containers=2)", "autoscaler-instance", NOT_ASKED),
]

NEAR_MISSES = [
    NearMiss("new", work("f.autoscaler.update(min_containers=2)")),
    NearMiss("another", "import modal\n\ndef work(pool):\n    pool.update_autoscaler(min_containers=2)\n"),
    NearMiss("of-its-own", "import modal\n\ndef update_autoscaler(): ...\n\nupdate_autoscaler()\n"),
]
