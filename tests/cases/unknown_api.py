"""Cases of ``unknown-api``: what the newest SDK does not have and no other section explains."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

GONE_SINCE = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten")
GONE_BEFORE = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="0.77 has it no more; nothing is rewritten")
WHEN_CALLED = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="nothing calls it, nothing is rewritten")

OBJECT = Proof(Sdk.FAILS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 has it no more")
OF_AN_APP = 'import modal\n\napp = modal.App("a", q=modal.Queue.from_name("q"))\n'


def case(id: str, code: str, found: int = 1, proof: Proof = GONE_BEFORE, files: dict[str, str] | None = None) -> Case:
    """Return a case in which so much is found, of which nothing is rewritten."""
    rules = ("unknown-api",) * found
    return Case(id, code, code, rules, Applicability.MANUAL, files=files or {}, proof=proof)


CASES = [
    case(
        "what-hangs-on-what-is-gone",
        """
            import modal

            files = modal.S3Mount("a")
            names = files.list()
            other = files.at("b").list()
        """,
    ),
    case(
        "imported-under-another-name",
        """
            from modal import Image, S3Mount as S

            files = S("a")
            image = Image.debian_slim()
        """,
    ),
    case(
        "what-a-text-asks-for",
        """
            import modal

            app = modal.App("a")
            made, other = getattr(modal, "S3Mount"), getattr(modal, "S3Mount", None)
            try:
                made = getattr(app, "S3Mount")
            except AttributeError:
                pass
        """,
    ),
    case(
        "what-goes-on-under-another-name-is-looked-at",
        """
            import modal

            stub = modal.Stub("a")

            @stub.function(secret_name="s")
            def f(): ...
        """,
    ),
    case(
        "arguments-of-functions-classes-and-images",
        """
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().run_function(print, secret_name="s")

            @app.function(image=image, secret_name="s", interactively=True)
            def f(): ...

            @app.cls(secret_name="s")
            class A: ...
        """,
        found=4,
    ),
    case(
        "an-argument-in-a-dict",
        """
            import modal

            app = modal.App("a")
            OPTIONS = {"secret_name": "s"}

            @app.function(**OPTIONS)
            def f(): ...
        """,
    ),
    case(
        "one-finding-for-several-places",
        """
            import modal

            one = modal.S3Mount("v")
            two = modal.S3Mount("w")
        """,
    ),
    case(
        "a-method-in-a-chain",
        """
            import modal

            image = (
                modal.Image.debian_slim()
                .pip_install("a")
                .extend(base_images=[])
            )
        """,
    ),
    case(
        "call-of-functions-and-of-methods",
        """
            import modal

            app = modal.App("a")

            @app.function()
            def f(): ...

            @app.cls()
            class A:
                @modal.method()
                def m(self): ...

                @modal.method()
                def n(self):
                    return self.m.recall()

            @app.local_entrypoint()
            def main():
                f.recall()
                A().m.recall()
        """,
        proof=WHEN_CALLED,
    ),
    case(
        "call-of-what-another-file-defines",
        """
            import modal
            from common import f

            def main():
                f.recall()
        """,
        files={
            "common.py": """
                import modal

                app = modal.App("a")

                @app.function()
                def f(): ...
            """
        },
        proof=WHEN_CALLED,
    ),
    case(
        "sandbox-files-that-are-not-called-here",
        """
            import asyncio

            import modal

            async def read(sandbox: modal.Sandbox):
                await asyncio.to_thread(sandbox.mkdir, "/b")
                return await asyncio.to_thread(sandbox.ls, "/b")
        """,
        found=2,
        proof=WHEN_CALLED,
    ),
    case(
        "a-function-of-the-running-app",
        """
            import modal

            app = modal.App("a")

            @app.function()
            def f(): ...

            def main():
                with app.run() as running:
                    running.f.remote()
        """,
        proof=WHEN_CALLED,
    ),
    case("a-module", "import modal.file_io\n", proof=GONE_SINCE),
    case("a-name-of-a-module", "from modal.exception import print_server_warnings\n\nprint(print_server_warnings)\n"),
    case("a-class-of-a-module", "from modal.s3mount import S3Mount\n\nprint(S3Mount)\n"),
    case("a-name-that-never-was", "import modal\n\nimage = modal.Imagee\n"),
    case("an-argument-that-never-was", 'import modal\n\napp = modal.App("a", imagee=None)\n'),
    case(
        "a-method-that-never-was",
        """
            import modal

            image = modal.Image.from_ecr("i")
        """,
    ),
    case(
        "caught-for-another-reason",
        """
            import modal

            try:
                volume = modal.S3Mount("v")
            finally:
                print("done")
        """,
    ),
    case(
        "what-went-from-a-class-that-has-another-name-now",
        """
            import modal

            app = modal.App("a")

            @app.function()
            def f(): ...

            def g():
                return f.get_current_stats().num_active_runners
        """,
        proof=WHEN_CALLED,
    ),
    Case(
        "an-import-that-nothing-reads",
        """
            from modal import stub
            from modal import App, S3Mount

            stub = App("a")
        """,
        """
            from modal import App

            stub = App("a")
        """,
        ("unknown-import", "unknown-import"),
        Applicability.REVIEW,
        proof=Proof(Sdk.FAILS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 has neither"),
    ),
    Case(
        "an-import-that-another-file-takes",
        "import modal\nfrom modal import S3Mount\n",
        "import modal\nfrom modal import S3Mount\n",
        ("unknown-api",),
        Applicability.MANUAL,
        files={"other.py": "from main import S3Mount\n"},
        proof=GONE_BEFORE,
    ),
    Case(
        "an-object-of-an-app",
        """
            import modal

            app = modal.App(
                "a",
                q=modal.Queue.from_name("q"),
            )

            @app.function()
            def put(q: modal.Queue):
                q.put(1)

            def main():
                put.remote(app.q)
        """,
        """
            import modal

            q = modal.Queue.from_name("q")
            app = modal.App("a")

            @app.function()
            def put(q: modal.Queue):
                q.put(1)

            def main():
                put.remote(q)
        """,
        ("app-object",),
        Applicability.REVIEW,
        proof=OBJECT,
    ),
    Case(
        "an-object-with-a-name-of-its-own",
        """
            import modal

            queue = modal.Queue.from_name("q")
            app = modal.App("a", q=queue)

            def main():
                app.q.put(1)
        """,
        """
            import modal

            queue = modal.Queue.from_name("q")
            app = modal.App("a")

            def main():
                queue.put(1)
        """,
        ("app-object",),
        Applicability.REVIEW,
        proof=OBJECT,
    ),
    *(
        Case(
            f"an-object-of-an-app-{why}",
            code,
            code,
            ("app-object-by-hand", *others),
            Applicability.MANUAL,
            files=files,
            proof=GONE_BEFORE,
        )
        for why, code, others, files in (
            ("that-is-hidden", f"{OF_AN_APP}\ndef f(q):\n    return app.q, q\n", ("unknown-api",), {}),
            ("whose-name-is-taken", f"{OF_AN_APP}\nq = app.q\n", ("unknown-api",), {}),
            ("that-runs", f"{OF_AN_APP}\nwith app.run() as running:\n    running.q.put(1)\n", ("unknown-api",), {}),
            ("that-is-read-elsewhere", OF_AN_APP, (), {"other.py": "from main import app\n\nprint(app.q)\n"}),
        )
    ),
]

NEAR_MISSES = [
    NearMiss(
        "guarded",
        """
            import modal

            try:
                from modal import Stub
            except ImportError:
                from modal import App as Stub

            stub = Stub("a")

            @stub.function()
            def f(): ...

            make = modal.Stub if hasattr(modal, "Stub") else modal.App
            if modal.__version__ < "1":
                volume = modal.Volume.persisted("v")
            try:
                files = modal.Volume.persisted("v")
            except AttributeError:
                files = modal.Volume.from_name("v")
        """,
    ),
    NearMiss(
        "method-of-an-own-kind-of-app",
        """
            import modal

            class Named(modal.App):
                def on_gpu(self, **options):
                    return self.function(gpu="T4", **options)

            app = Named("a")

            @app.on_gpu(timeout=60)
            def f(): ...
        """,
    ),
    NearMiss(
        "one-way-of-two-is-there",
        """
            import modal

            def make(old):
                thing = modal.Image.debian_slim() if old else modal.Image.from_registry("x")
                return thing.pip_install("a")
        """,
    ),
    NearMiss(
        "own-attributes-of-an-app",
        """
            import modal

            app = modal.App("a")
            app.volume = modal.Volume.from_name("v")

            @app.function(volumes={"/v": app.volume})
            def f(): ...
        """,
    ),
    NearMiss(
        "attributes-that-setattr-sets",
        """
            import modal

            setattr(modal, "extra", 1)
            print(modal.extra)
        """,
    ),
    NearMiss(
        "an-attribute-that-another-file-sets",
        """
            import modal
            from common import app

            @app.function(volumes={"/v": app.volume})
            def f(): ...
        """,
        files={
            "common.py": """
                import modal

                app = modal.App("a")
                app.volume = modal.Volume.from_name("v")
            """
        },
    ),
    NearMiss(
        "values-and-methods-of-the-program",
        """
            import modal

            app = modal.App("a")

            @app.function()
            def f(): ...

            @app.cls()
            class A:
                @modal.method()
                def m(self): ...

            def main():
                f.remote().call()
                A().anything.at_all.call(secret=1)
                modal.Cls.from_name("a", "B")(x=1).other.remote(secret=1)
                modal.Function.from_name("a", "f").remote(secret=1)
                modal.Dict.from_name("d").get("x").persisted()
                with modal.enable_output() as output:
                    output.anything.at_all
        """,
    ),
    NearMiss(
        "private-names",
        """
            import modal
            from modal._utils.async_utils import anything
            from modal.config import config

            app = modal.App("a")
            app._local_state.whatever
            config["token_id"]
            getattr(modal, input())()
        """,
    ),
    NearMiss(
        "others",
        """
            import subprocess

            import modal
            from grpc_pb2 import ServiceStub as Stub

            stub = Stub("a")
            stub.app.call(secret=1)
            subprocess.call(["x"])

            class Volume:
                @staticmethod
                def persisted(name): ...

            Volume.persisted("v")
        """,
    ),
    NearMiss(
        "silenced",
        """
            import modal

            stub = modal.Stub("a")  # modal-wizard: ignore
        """,
    ),
    NearMiss(
        "what-sections-explain",
        """
            import modal
            from modal import Mount, gpu, web_endpoint

            app = modal.App("a")

            @app.function(gpu=gpu.A100(), keep_warm=1, mounts=[Mount.from_local_dir("a", remote_path="/a")])
            @web_endpoint()
            def f(): ...
        """,
    ),
    NearMiss(
        "set-by-a-name-made-elsewhere",
        """
            import modal
            from made import make

            with make().run():
                make().train.remote()
        """,
        files={
            "made.py": """
                import modal

                def make() -> modal.App:
                    app = modal.App("a")
                    for tag in ("train", "serve"):
                        setattr(app, tag, print)
                    return app
            """
        },
    ),
    NearMiss(
        "given-on-the-other-branch",
        """
            import modal

            def make(app, new):
                options = {"app": app}
                if new:
                    options["i6pn"] = True
                    return modal.Sandbox._experimental_create(**options)
                else:
                    return modal.Sandbox.create(**options)
        """,
    ),
]
