"""Cases of ``network-file-system``: 1.6.4 warns where one is made, and is silent where it is given."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

LEFT = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.WARNS, Sdk.WARNS, why="nothing is rewritten")
SILENT = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="1.6.4 is silent of what is only given on")


def case(id: str, code: str, proof: Proof = LEFT, files: dict[str, str] | None = None) -> Case:
    """Return a case of one finding, of which nothing is rewritten."""
    return Case(id, code, code, ("network-file-system",), Applicability.MANUAL, files=files or {}, proof=proof)


CASES = [
    case(
        "made-and-given",
        """
            import modal

            app = modal.App("a")
            files = modal.NetworkFileSystem.from_name("n", create_if_missing=True)

            @app.function(network_file_systems={"/n": files})
            def f(): ...

            @app.cls(network_file_systems={"/n": files})
            class A: ...
        """,
    ),
    case("imported", 'from modal import NetworkFileSystem as NFS\n\nfiles = NFS.from_name("n")\n'),
    case(
        "given-only",
        "import modal\n\napp = modal.App('a')\n\n@app.function(network_file_systems={})\ndef f(): ...\n",
        proof=SILENT,
    ),
]

NEAR_MISSES = [
    NearMiss("imported-and-not-used", "from modal import NetworkFileSystem\n"),
    NearMiss("volume", 'import modal\n\nfiles = modal.Volume.from_name("n")\n'),
    NearMiss("another", "import modal\n\nclass NetworkFileSystem: ...\n\nNetworkFileSystem.x = 1\n"),
    NearMiss("argument-of-another", "import modal\n\ndict(network_file_systems={})\n"),
]
