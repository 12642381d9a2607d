"""Cases of the section ``persisted``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

REVIEW, MANUAL = Applicability.REVIEW, Applicability.MANUAL
GONE = Proof(old_before=Sdk.FAILS, why="0.77 has it no more")
FILES = Proof(
    old_before=Sdk.FAILS, new_after=Sdk.WARNS, why="0.77 has it no more; 1.6.4 warns of all NetworkFileSystems"
)
STUB = Proof(Sdk.FAILS, Sdk.WARNS, Sdk.FAILS, Sdk.FAILS, why="Stub itself warns in 0.77 and is gone since 1.0.0")
BY_HAND = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten")


def maker(before: str, after: str) -> tuple[str, str]:
    """Return a file with one object made, before and after."""
    return f"import modal\n\nthing = modal.{before}\n", f"import modal\n\nthing = modal.{after}\n"


def simple(id: str, before: str, after: str, proof: Proof = GONE, level: Applicability = Applicability.SAFE) -> Case:
    """Return a case of one object that is persisted."""
    old, new = maker(before, after)
    return Case(id, old, new, ("persisted",), level, proof=proof)


CASES = [
    simple("volume", 'Volume.persisted("v")', 'Volume.from_name("v", create_if_missing=True)'),
    simple("dict", 'Dict.persisted("d")', 'Dict.from_name("d", create_if_missing=True)'),
    simple("queue", 'Queue.persisted("q")', 'Queue.from_name("q", create_if_missing=True)'),
    simple(
        "network-file-system",
        'NetworkFileSystem.persisted("n")',
        'NetworkFileSystem.from_name("n", create_if_missing=True)',
        FILES,
    ),
    simple(
        "cloud-goes-and-a-trailing-comma-stays",
        'NetworkFileSystem.persisted(\n    f"n-{1}",  # one for all\n    cloud="gcp",\n)',
        'NetworkFileSystem.from_name(\n    f"n-{1}",  # one for all\n    create_if_missing=True,\n)',
        FILES,
        REVIEW,
    ),
    simple("label-is-the-first", 'Volume.persisted(label="v")', 'Volume.from_name("v", create_if_missing=True)'),
    simple(
        "label-after-another-keyword-is-the-name",
        'Volume.persisted(environment_name="e", label="v")',
        'Volume.from_name(environment_name="e", name="v", create_if_missing=True)',
    ),
    simple(
        "new-before-it-goes-along",
        'NetworkFileSystem.new(cloud="gcp").persisted("n")',
        'NetworkFileSystem.from_name("n", create_if_missing=True)',
        FILES,
        REVIEW,
    ),
    simple(
        "a-constructor-before-it-goes-along",
        'NetworkFileSystem().persist("n")',
        'NetworkFileSystem.from_name("n", create_if_missing=True)',
        FILES,
    ),
    Case(
        id="comments-between-go-above",
        before="""
            import modal

            files = (
                modal.NetworkFileSystem()  # for all
                # of them
                .persist("n")
            )
        """,
        after="""
            import modal

            files = (
                # for all
                # of them
                modal.NetworkFileSystem.from_name("n", create_if_missing=True)
            )
        """,
        rules=("persisted",),
        applicability=Applicability.SAFE,
        proof=FILES,
    ),
    Case(
        id="attributes-of-a-stub-keep-their-names",
        before="""
            from modal import Queue, Stub, Volume

            stub = Stub("a")
            stub.volume = Volume.persisted("models")
            stub.queue = Queue.persisted("invoke-queue")
        """,
        after="""
            from modal import Queue, Stub, Volume

            stub = Stub("a")
            stub.volume = Volume.from_name("models", create_if_missing=True)
            stub.queue = Queue.from_name("invoke-queue", create_if_missing=True)
        """,
        rules=("persisted", "persisted"),
        proof=STUB,
    ),
    Case(
        id="in-a-function",
        before="""
            import modal

            def volume(persistent):
                return modal.Volume.persisted("v") if persistent else None
        """,
        after="""
            import modal

            def volume(persistent):
                return modal.Volume.from_name("v", create_if_missing=True) if persistent else None
        """,
        rules=("persisted",),
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="nothing calls the function"),
    ),
    Case(
        id="a-shared-volume",
        before='import modal\n\nfiles = modal.SharedVolume().persist("n")\n',
        after='import modal\n\nfiles = modal.SharedVolume.from_name("n", create_if_missing=True)\n',
        rules=("persisted",),
        proof=Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="SharedVolume is another section's matter"),
    ),
    Case(
        id="by-a-class-of-another-file",
        before='from common import Volume\n\nvolume = Volume.persisted("v")\n',
        after='from common import Volume\n\nvolume = Volume.from_name("v", create_if_missing=True)\n',
        rules=("persisted",),
        files={"common.py": "from modal import Volume\n"},
        proof=GONE,
    ),
    Case(
        id="new-is-given-a-name",
        before="""
            import modal

            app = modal.App("chat")
            queue = modal.Queue.new()
        """,
        after="""
            import modal

            app = modal.App("chat")
            queue = modal.Queue.from_name("chat-queue", create_if_missing=True)
        """,
        rules=("new",),
        applicability=REVIEW,
        proof=GONE,
    ),
    Case(
        id="new-is-given-a-name-that-is-asked-for",
        before="""
            import modal

            app = modal.App("chat")
            app.q = modal.Dict.new()
        """,
        after="""
            import modal

            app = modal.App("chat")
            app.q = modal.Dict.from_name("state", create_if_missing=True)
        """,
        rules=("new",),
        applicability=REVIEW,
        values={"name": "state"},
        proof=GONE,
    ),
    Case(
        id="new-with-what-was-meant-for-a-name",
        before='from modal import NetworkFileSystem\n\nfiles = NetworkFileSystem.new("studies")\n',
        after=(
            "from modal import NetworkFileSystem\n\n"
            'files = NetworkFileSystem.from_name("studies", create_if_missing=True)\n'
        ),
        rules=("new",),
        applicability=REVIEW,
        proof=FILES,
    ),
    Case(
        id="new-with-data-and-a-method-that-is-not-called",
        before='import modal\n\nd = modal.Dict.new({"a": 1})\nmake = modal.Volume.persisted\n',
        after='import modal\n\nd = modal.Dict.new({"a": 1})\nmake = modal.Volume.persisted\n',
        rules=("new", "persisted"),
        applicability=MANUAL,
        proof=BY_HAND,
    ),
    Case(
        id="arguments-that-cannot-be-told",
        before='import modal\n\nNAMES = ["v"]\nvolume = modal.Volume.persisted(*NAMES)\n',
        after='import modal\n\nNAMES = ["v"]\nvolume = modal.Volume.persisted(*NAMES)\n',
        rules=("persisted",),
        applicability=MANUAL,
        proof=BY_HAND,
    ),
    *(
        Case(
            f"a-call-of-{kind.lower()}",
            f'import modal\nfrom modal import {kind}\n\napp = modal.App("a")\nthing = {kind}(  # one\n)\n',
            f'import modal\nfrom modal import {kind}\n\napp = modal.App("a")\n# one\n'
            f'thing = {kind}.from_name("a-thing", create_if_missing=True)\n',
            ("constructor",),
            REVIEW,
            proof=Proof(Sdk.FAILS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 refuses it as well"),
        )
        for kind in ("Volume", "Dict", "Queue")
    ),
    Case(
        "a-call-in-a-function",
        "import modal\n\ndef f():\n    return modal.Dict()\n",
        "import modal\n\ndef f():\n    return modal.Dict()\n",
        ("constructor",),
        MANUAL,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="nothing calls it, nothing is rewritten"),
    ),
    Case(
        "a-call-with-data",
        *(maker('Dict({"a": 1})', 'Dict({"a": 1})')),
        ("constructor",),
        MANUAL,
        proof=BY_HAND,
    ),
    Case(
        "a-line-that-becomes-too-long",
        'import modal\n\napp = modal.App("example-faces")\n'
        'volume_of_all_models = modal.Volume.persisted("the-volume-that-holds-all-models")\n',
        'import modal\n\napp = modal.App("example-faces")\n'
        "volume_of_all_models = modal.Volume.from_name(\n"
        '    "the-volume-that-holds-all-models", create_if_missing=True\n)\n',
        ("persisted",),
        proof=GONE,
    ),
    Case(
        "an-object-that-an-app-is-given",
        'import modal\n\napp = modal.App("a", work=modal.Queue.new())\n',
        'import modal\n\napp = modal.App("a", work=modal.Queue.from_name("a-work", create_if_missing=True))\n',
        ("new",),
        Applicability.REVIEW,
        proof=Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="an app takes no objects; another finding says so"),
    ),
]

NEAR_MISSES = [
    NearMiss("an-image-of-pillow", 'import modal\nfrom PIL import Image\n\nImage.new("RGB", (1, 1))\n'),
    NearMiss("a-hash", 'import hashlib\nimport modal\n\nhashlib.new("md5")\n'),
    NearMiss("an-index-on-disk", 'import modal\n\ndef save(index):\n    index.storage_context.persist("index/")\n'),
    NearMiss("already-by-name", 'import modal\n\nv = modal.Volume.from_name("v", create_if_missing=True)\n'),
    NearMiss(
        "a-program-that-asks-first",
        'import modal\n\nif hasattr(modal.Volume, "persisted"):\n    v = modal.Volume.persisted("v")\n',
    ),
    NearMiss(
        "a-class-of-their-own",
        'import modal\n\nclass Volume:\n    @classmethod\n    def persisted(cls, n): ...\n\nVolume.persisted("v")\n',
    ),
]
