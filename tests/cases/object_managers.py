"""Cases of ``object-managers``: 0.77 has no managers, 1.5.0 has nothing else."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

REVIEW, MANUAL = Applicability.REVIEW, Applicability.MANUAL
GONE = Proof(Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 has no managers", calls=True)
LEFT = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten", calls=True)


def work(line: str, head: str = "def work(client, text):") -> str:
    """Return a file with a function of one line."""
    return f"import modal\n\n{head}\n    {line}\n"


def case(id: str, before: str, after: str, new: str = "delete", proof: Proof = GONE, head: str = "") -> Case:
    """Return a case of one line."""
    texts = (work(before, head), work(after, head)) if head else (work(before), work(after))
    return Case(id, *texts, (f"object-{new}",), REVIEW, proof=proof)


def left(id: str, line: str, new: str = "create", proof: Proof = LEFT) -> Case:
    """Return a case that a person has to rewrite."""
    return Case(id, work(line), work(line), (f"object-{new}-by-hand",), MANUAL, proof=proof)


CASES = [
    case("volume", 'modal.Volume.delete("v")', 'modal.Volume.objects.delete("v")'),
    case("dict", 'modal.Dict.delete("d", client=client)', 'modal.Dict.objects.delete("d", client=client)'),
    case("queue", 'modal.Queue.delete(name="q")', 'modal.Queue.objects.delete(name="q")'),
    case(
        "by-position",
        'modal.Volume.delete("v", client, "main")',
        'modal.Volume.objects.delete("v", client=client, environment_name="main")',
    ),
    case(
        "awaited",
        'await modal.Volume.delete.aio("v")',
        'await modal.Volume.objects.delete.aio("v")',
        head="async def work():",
    ),
    Case(
        id="imported",
        before='from modal import Volume\n\ndef work():\n    Volume.delete("v")\n',
        after='from modal import Volume\n\ndef work():\n    Volume.objects.delete("v")\n',
        rules=("object-delete",),
        applicability=REVIEW,
        proof=GONE,
    ),
    case("made", 'modal.Volume.create_deployed("v")', 'modal.Volume.objects.create("v")', new="create"),
    case(
        "secret-made",
        'modal.Secret.create_deployed("s", {"A": text}, environment_name="main")',
        'modal.Secret.objects.create("s", {"A": text}, environment_name="main")',
        new="create",
    ),
    case(
        "made-by-names",
        'modal.Secret.create_deployed(deployment_name="s", env_dict={"A": text}, client=client)',
        'modal.Secret.objects.create(name="s", env_dict={"A": text}, client=client)',
        new="create",
    ),
    left("its-id-is-used", 'return modal.Volume.create_deployed("v")'),
    left("overwriting", 'modal.Secret.create_deployed("s", {"A": text}, overwrite=True)'),
    left("spread", 'modal.Volume.delete(*["v"])', new="delete"),
]

NEAR_MISSES = [
    NearMiss("new", work('modal.Volume.objects.delete("v")')),
    NearMiss("network-file-systems-keep-it", work('modal.NetworkFileSystem.create_deployed("n")')),
    NearMiss("rename-stays", work('modal.Volume.rename("v", "w")')),
    NearMiss("entry-of-a-dict", work('modal.Dict.from_name("d").pop("delete")')),
    NearMiss("another-class", "import modal\n\nclass Volume:\n    def delete(self): ...\n\nVolume().delete()\n"),
]
