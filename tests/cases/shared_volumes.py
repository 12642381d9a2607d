"""Cases of the section ``shared-volumes``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

FILES = Proof(old_before=Sdk.FAILS, new_after=Sdk.WARNS, why="0.77 has it no more; 1.6.4 warns of NetworkFileSystem")
BEFORE_PERSISTED = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="persist is another section's matter")

CASES = [
    Case(
        "argument",
        """
            import modal

            app = modal.App("a")
            files = modal.NetworkFileSystem.from_name("n")

            @app.function(shared_volumes={"/data": files})
            def f(): ...

            @app.cls(
                shared_volumes={"/data": files},  # the same
            )
            class A: ...
        """,
        """
            import modal

            app = modal.App("a")
            files = modal.NetworkFileSystem.from_name("n")

            @app.function(network_file_systems={"/data": files})
            def f(): ...

            @app.cls(
                network_file_systems={"/data": files},  # the same
            )
            class A: ...
        """,
        ("shared-volumes-argument",) * 2,
        proof=FILES,
    ),
    Case(
        "class",
        'import modal\n\nfiles = modal.SharedVolume.from_name("n")\n',
        'import modal\n\nfiles = modal.NetworkFileSystem.from_name("n")\n',
        ("shared-volume",),
        proof=FILES,
    ),
    Case(
        "imported",
        'from modal import App, SharedVolume\n\nfiles = SharedVolume.from_name("n")\n',
        'from modal import App, NetworkFileSystem\n\nfiles = NetworkFileSystem.from_name("n")\n',
        ("shared-volume",),
        proof=FILES,
    ),
    Case(
        "imported-from-its-module",
        'from modal.shared_volume import SharedVolume as Files\n\nfiles = Files.from_name("n")\n',
        'from modal import NetworkFileSystem\n\nfiles = NetworkFileSystem.from_name("n")\n',
        ("shared-volume",),
        proof=FILES,
    ),
    Case(
        "what-persists",
        'import modal\n\nfiles = modal.SharedVolume().persist("n")\n',
        'import modal\n\nfiles = modal.NetworkFileSystem().persist("n")\n',
        ("shared-volume",),
        proof=BEFORE_PERSISTED,
    ),
]

NEAR_MISSES = [
    NearMiss("of-another-library", "from storage import SharedVolume\n\nSharedVolume()\n"),
    NearMiss("a-parameter-of-their-own", "import modal\n\ndef f(shared_volumes=None): ...\n\nf(shared_volumes={})\n"),
]
