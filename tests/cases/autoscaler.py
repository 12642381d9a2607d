"""Cases of the section ``autoscaler``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.model import Applicability

CASES = [
    Case(
        id="function-keywords",
        before="""
            import modal

            app = modal.App("a")

            @app.function(keep_warm=1, concurrency_limit=10, container_idle_timeout=300)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(min_containers=1, max_containers=10, scaledown_window=300)
            def f(): ...
        """,
        rules=("autoscaler-rename",) * 3,
    ),
    Case(
        id="window-too-short-is-made-to-fit",
        before="""
            import modal

            app = modal.App("a")

            @app.function(container_idle_timeout=1)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(scaledown_window=2)
            def f(): ...
        """,
        rules=("autoscaler-value",),
        applicability=Applicability.REVIEW,
        proof=Proof(old_before=Sdk.WARNS),
    ),
]

NEAR_MISSES = [
    NearMiss(
        id="own-class-called-app",
        code="""
            import modal

            class App:
                def function(self, **options): return lambda f: f

            app = App()

            @app.function(keep_warm=1)
            def f(): ...
        """,
    ),
]
