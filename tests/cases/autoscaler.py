"""Cases of the section ``autoscaler``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

REVIEW, MANUAL = Applicability.REVIEW, Applicability.MANUAL
RENAME = "autoscaler-rename"
STUB = Proof(old_after=Sdk.WARNS, new_after=Sdk.FAILS, why="Stub itself warns in 0.77 and is gone since 1.0.0")
OTHER_FILE = Proof(None, None, None, None, why="the file that has the dict makes no function of Modal")
LEFT = Proof(Sdk.WARNS, Sdk.WARNS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten")
NO_CALL = Proof(
    old_before=Sdk.ACCEPTS, new_before=Sdk.ACCEPTS, why="the call is in a function body; only a server would run it"
)


def on_function(keywords: str, above: str = "") -> str:
    """Return a file with one function under these keywords."""
    return f'import modal\n\napp = modal.App("a")\n{above}\n@app.function({keywords})\ndef f(): ...\n'


def on_class(keywords: str, method: str = "") -> str:
    """Return a file with one class under these keywords, and one method under these."""
    return (
        f'import modal\n\napp = modal.App("a")\n\n@app.cls({keywords})\nclass Model:\n'
        f"    @modal.method({method})\n    def run(self): ...\n"
    )


def in_body(line: str, asynchronous: bool = False) -> str:
    """Return a file whose entry point has one line."""
    keyword = "async def" if asynchronous else "def"
    return f'import modal\n\napp = modal.App("a")\n\n{keyword} main():\n    {line}\n'


SAID = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="only what is said of the code changes")

CASES = [
    Case(
        id="function-keywords",
        before=on_function("keep_warm=1, concurrency_limit=10, container_idle_timeout=300"),
        after=on_function("min_containers=1, max_containers=10, scaledown_window=300"),
        rules=(RENAME,) * 3,
    ),
    Case(
        id="buffer-left-its-experimental-name",
        before=on_function("_experimental_buffer_containers=2"),
        after=on_function("buffer_containers=2"),
        rules=(RENAME,),
    ),
    Case(
        id="a-window-that-only-a-run-shows",
        before=on_function('container_idle_timeout=int(os.environ.get("IDLE", 60))', above="import os\n"),
        after=on_function('scaledown_window=int(os.environ.get("IDLE", 60))', above="import os\n"),
        rules=(RENAME,),
        applicability=REVIEW,
    ),
    Case(
        id="windows-that-the-code-shows",
        before=on_function("container_idle_timeout=5 * MINUTE if LONG else None", above="LONG = True\nMINUTE = 60\n"),
        after=on_function("scaledown_window=5 * MINUTE if LONG else None", above="LONG = True\nMINUTE = 60\n"),
        rules=(RENAME,),
    ),
    Case(
        id="class-keywords",
        before=on_class("keep_warm=KEEP if False else 1, cpu=2".replace("KEEP", "3")),
        after=on_class("min_containers=3 if False else 1, cpu=2"),
        rules=(RENAME,),
    ),
    Case(
        id="none-raises-by-mere-presence",
        before=on_function("keep_warm=None, concurrency_limit=None"),
        after=on_function("min_containers=None, max_containers=None"),
        rules=(RENAME,) * 2,
    ),
    Case(
        id="one-a-line-with-comments",
        before="""
            from modal import App as Application

            service = Application("a")


            @service.function(
                keep_warm=1,  # avoid cold starts
                # at most
                concurrency_limit=2 * 3,
                container_idle_timeout=5 * 60
            )
            def f(): ...
        """,
        after="""
            from modal import App as Application

            service = Application("a")


            @service.function(
                min_containers=1,  # avoid cold starts
                # at most
                max_containers=2 * 3,
                scaledown_window=5 * 60
            )
            def f(): ...
        """,
        rules=(RENAME,) * 3,
    ),
    Case(
        id="call-form",
        before="""
            import modal as m

            def work(): ...

            app = m.App("a")
            f = app.function(keep_warm=1)(work)
        """,
        after="""
            import modal as m

            def work(): ...

            app = m.App("a")
            f = app.function(min_containers=1)(work)
        """,
        rules=(RENAME,),
    ),
    Case(
        id="stub",
        before="""
            import modal

            stub = modal.Stub("a")

            @stub.function(keep_warm=1)
            def f(): ...
        """,
        after="""
            import modal

            stub = modal.Stub("a")

            @stub.function(min_containers=1)
            def f(): ...
        """,
        rules=(RENAME,),
        proof=STUB,
    ),
    Case(
        id="app-of-another-module",
        before="""
            from common import app

            @app.function(keep_warm=1)
            def f(): ...
        """,
        after="""
            from common import app

            @app.function(min_containers=1)
            def f(): ...
        """,
        rules=(RENAME,),
        files={"common.py": 'import modal\n\napp = modal.App("a")\n'},
    ),
    Case(
        id="options-of-a-looked-up-class",
        before='import modal\n\nModel = modal.Cls.from_name("a", "Model").with_options(concurrency_limit=2)\n',
        after='import modal\n\nModel = modal.Cls.from_name("a", "Model").with_options(max_containers=2)\n',
        rules=(RENAME,),
    ),
    Case(
        id="options-never-took-keep-warm",
        before='import modal\n\nModel = modal.Cls.from_name("a", "Model").with_options(keep_warm=2)\n',
        after='import modal\n\nModel = modal.Cls.from_name("a", "Model").with_options(keep_warm=2)\n',
        rules=("autoscaler-options",),
        applicability=MANUAL,
        proof=Proof(old_before=Sdk.FAILS, old_after=Sdk.FAILS, new_after=Sdk.FAILS, why="nothing is rewritten"),
    ),
    Case(
        id="window-too-short-is-made-to-fit",
        before=on_function("container_idle_timeout=1"),
        after=on_function("scaledown_window=2"),
        rules=("autoscaler-value",),
        applicability=REVIEW,
    ),
    Case(
        id="window-too-long-only-renamed",
        before=on_function("container_idle_timeout=7200"),
        after=on_function("scaledown_window=7200"),
        rules=("autoscaler-value",),
        applicability=REVIEW,
        choice="rename",
        proof=Proof(new_after=Sdk.FAILS, why="1.6.4 takes 2 to 3600 only, which the choice says"),
    ),
    Case(
        id="window-that-is-worked-out",
        before="""
            import modal

            HOUR = 60 * 60
            app = modal.App("a")

            @app.function(container_idle_timeout=2 * HOUR)
            def f(): ...
        """,
        after="""
            import modal

            HOUR = 60 * 60
            app = modal.App("a")

            @app.function(scaledown_window=3600)
            def f(): ...
        """,
        rules=("autoscaler-value",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="a-boolean-is-no-number-of-containers",
        before=on_function("keep_warm=True"),
        after=on_function("min_containers=1"),
        rules=("autoscaler-value",),
        applicability=REVIEW,
    ),
    Case(
        id="a-float-is-no-number-of-seconds",
        before=on_function("container_idle_timeout=60.0"),
        after=on_function("scaledown_window=60"),
        rules=("autoscaler-value",),
        applicability=REVIEW,
        proof=Proof(old_before=Sdk.FAILS, why="a TypeError before 1.0 as well"),
    ),
    Case(
        id="both-names-keep-what-won",
        before=on_function("keep_warm=1, cpu=2, min_containers=5"),
        after=on_function("min_containers=1, cpu=2"),
        rules=("autoscaler-both",),
        applicability=REVIEW,
    ),
    Case(
        id="both-names-take-the-new-value",
        before=on_function("keep_warm=1, cpu=2, min_containers=5"),
        after=on_function("cpu=2, min_containers=5"),
        rules=("autoscaler-both",),
        applicability=REVIEW,
        choice="new",
    ),
    Case(
        id="splatted-dict-literal",
        before=on_function("**OPTIONS", above="\nOPTIONS = {'keep_warm': 1, \"cpu\": 2}\n"),
        after=on_function("**OPTIONS", above="\nOPTIONS = {'min_containers': 1, \"cpu\": 2}\n"),
        rules=("autoscaler-splat",),
        applicability=REVIEW,
    ),
    Case(
        id="splatted-dict-call-and-later-key",
        before=on_function("**OPTIONS", above='\nOPTIONS = dict(keep_warm=1)\nOPTIONS["concurrency_limit"] = 3\n'),
        after=on_function("**OPTIONS", above='\nOPTIONS = dict(min_containers=1)\nOPTIONS["max_containers"] = 3\n'),
        rules=("autoscaler-splat",) * 2,
        applicability=REVIEW,
    ),
    Case(
        id="one-dict-of-two-functions-is-one-finding",
        before=on_function("**OPTIONS", above='\nOPTIONS = {"keep_warm": 1}\n')
        + "\n@app.function(**OPTIONS)\ndef g(): ...\n",
        after=on_function("**OPTIONS", above='\nOPTIONS = {"min_containers": 1}\n')
        + "\n@app.function(**OPTIONS)\ndef g(): ...\n",
        rules=("autoscaler-splat",),
        applicability=REVIEW,
    ),
    Case(
        id="settings-in-a-class-attribute",
        before=on_function("**Settings.common", above='\nclass Settings:\n    common = {"keep_warm": 1}\n'),
        after=on_function("**Settings.common", above='\nclass Settings:\n    common = {"min_containers": 1}\n'),
        rules=("autoscaler-splat",),
        applicability=REVIEW,
    ),
    Case(
        id="settings-that-a-method-gives-to-another-file",
        before="""
            class Options:
                warm = 1

                def given(self):
                    made = {"gpu": "T4"}
                    if self.warm:
                        made["keep_warm"] = self.warm
                    return made
        """,
        after="""
            class Options:
                warm = 1

                def given(self):
                    made = {"gpu": "T4"}
                    if self.warm:
                        made["min_containers"] = self.warm
                    return made
        """,
        files={
            "deploy.py": """
                import modal
                from main import Options

                app = modal.App("a")

                def start(options: Options):
                    @app.function(serialized=True, **options.given())
                    def f(): ...
            """
        },
        rules=("autoscaler-splat",),
        applicability=REVIEW,
        proof=OTHER_FILE,
    ),
    Case(
        id="settings-that-another-file-splats",
        before="""
            import modal

            class Model:
                settings = dict(cpu=2, container_idle_timeout=300)  # five minutes

            COMMON = {"keep_warm": 1}
            COMMON["concurrency_limit"] = 3
        """,
        after="""
            import modal

            class Model:
                settings = dict(cpu=2, scaledown_window=300)  # five minutes

            COMMON = {"min_containers": 1}
            COMMON["max_containers"] = 3
        """,
        files={
            "deploy.py": """
                import main
                from main import Model
                from modal import App

                app = App("a")

                @app.cls(**Model.settings)
                class Deployed(Model): ...

                @app.function(**main.COMMON)
                def f(): ...
            """
        },
        rules=("autoscaler-splat",) * 3,
        applicability=REVIEW,
        proof=OTHER_FILE,
    ),
    Case(
        id="settings-that-a-function-returns",
        before=on_function("**options()", above='\ndef options():\n    return {"keep_warm": 1}\n'),
        after=on_function("**options()", above='\ndef options():\n    return {"min_containers": 1}\n'),
        rules=("autoscaler-splat",),
        applicability=REVIEW,
    ),
    Case(
        id="a-class-of-the-repository-that-is-an-app",
        before="""
            import modal

            class Named(modal.App):
                def __init__(self, name):
                    super().__init__(f"team-{name}")

            app = Named("a")

            @app.function(keep_warm=1)
            def f(): ...
        """,
        after="""
            import modal

            class Named(modal.App):
                def __init__(self, name):
                    super().__init__(f"team-{name}")

            app = Named("a")

            @app.function(min_containers=1)
            def f(): ...
        """,
        rules=(RENAME,),
    ),
    Case(
        id="an-app-of-the-repository-with-a-method-of-its-own",
        before="""
            import modal

            class Named(modal.App):
                def __init__(self, name):
                    super().__init__(f"team-{name}")

            class Gpus(Named):
                def cls(self, **options):
                    return super().cls(gpu="T4", **options)

            app = Gpus("a")

            @app.cls(concurrency_limit=2)
            class Model:
                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            class Named(modal.App):
                def __init__(self, name):
                    super().__init__(f"team-{name}")

            class Gpus(Named):
                def cls(self, **options):
                    return super().cls(gpu="T4", **options)

            app = Gpus("a")

            @app.cls(max_containers=2)
            class Model:
                @modal.method()
                def run(self): ...
        """,
        rules=("autoscaler-splat",),
        applicability=REVIEW,
    ),
    Case(
        id="an-app-from-elsewhere-over-modals-own-decorators",
        before="""
            import modal
            from common.apps import make_app

            def register(stub, other):
                @stub.function(keep_warm=1)
                @modal.asgi_app()
                def f(): ...

                @stub.function(concurrency_limit=2)
                def g(): ...

                @other.function(keep_warm=1)
                def h(): ...

            app = make_app()
            if app:
                @app.cls(container_idle_timeout=60)
                class Model:
                    @modal.method()
                    def run(self): ...
        """,
        after="""
            import modal
            from common.apps import make_app

            def register(stub, other):
                @stub.function(min_containers=1)
                @modal.asgi_app()
                def f(): ...

                @stub.function(max_containers=2)
                def g(): ...

                @other.function(keep_warm=1)
                def h(): ...

            app = make_app()
            if app:
                @app.cls(scaledown_window=60)
                class Model:
                    @modal.method()
                    def run(self): ...
        """,
        rules=(RENAME,) * 3,
        applicability=REVIEW,
        files={"common/__init__.py": "", "common/apps.py": "def make_app():\n    return None\n"},
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="nothing of it runs"),
    ),
    Case(
        id="what-reads-the-key-is-renamed-with-it",
        before="""
            import modal

            app = modal.App("a")
            OPTIONS = {"cpu": 1.0, 'keep_warm': 2}
            if "keep_warm" not in OPTIONS:
                OPTIONS["keep_warm"] = 1
            print(OPTIONS["keep_warm"], OPTIONS.get('keep_warm', 0), OPTIONS["cpu"])
            shown = {key: value for key, value in OPTIONS.items() if key != "keep_warm"}
            other = {"keep_warm": 1}
            print(other["keep_warm"])

            @app.function(**OPTIONS)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            OPTIONS = {"cpu": 1.0, 'min_containers': 2}
            if "min_containers" not in OPTIONS:
                OPTIONS["min_containers"] = 1
            print(OPTIONS["min_containers"], OPTIONS.get('min_containers', 0), OPTIONS["cpu"])
            shown = {key: value for key, value in OPTIONS.items() if key != "min_containers"}
            other = {"keep_warm": 1}
            print(other["keep_warm"])

            @app.function(**OPTIONS)
            def f(): ...
        """,
        rules=("autoscaler-splat",),
        applicability=REVIEW,
    ),
    Case(
        id="what-a-dict-is-updated-with",
        before="""
            import modal

            app = modal.App("a")
            OPTIONS = dict(cpu=1.0)
            OPTIONS.update({"keep_warm": 1})
            OPTIONS.update(concurrency_limit=3)
            OPTIONS |= {"container_idle_timeout": 60}

            @app.function(**OPTIONS)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            OPTIONS = dict(cpu=1.0)
            OPTIONS.update({"min_containers": 1})
            OPTIONS.update(max_containers=3)
            OPTIONS |= {"scaledown_window": 60}

            @app.function(**OPTIONS)
            def f(): ...
        """,
        rules=("autoscaler-splat",) * 3,
        applicability=REVIEW,
    ),
    Case(
        id="what-a-function-of-the-file-hands-on",
        before="""
            import modal

            app = modal.App("a")

            def gpu_function(name="", **options):
                if options.get("keep_warm"):
                    options.setdefault("cpu", 2)
                return app.function(**options)

            def plain(options):
                options.pop("concurrency_limit", None)
                return app.function(**options)

            @gpu_function(keep_warm=1)
            def f(): ...

            @gpu_function(name="g", **dict(keep_warm=0))
            def g(): ...

            @plain({"concurrency_limit": 2})
            def h(): ...

            @plain(options={"container_idle_timeout": 60})
            def i(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            def gpu_function(name="", **options):
                if options.get("min_containers"):
                    options.setdefault("cpu", 2)
                return app.function(**options)

            def plain(options):
                options.pop("max_containers", None)
                return app.function(**options)

            @gpu_function(min_containers=1)
            def f(): ...

            @gpu_function(name="g", **dict(min_containers=0))
            def g(): ...

            @plain({"max_containers": 2})
            def h(): ...

            @plain(options={"scaledown_window": 60})
            def i(): ...
        """,
        rules=("autoscaler-splat",) * 3,
        applicability=REVIEW,
    ),
    Case(
        id="settings-that-another-file-sets-and-reads",
        before="""
            import modal

            COMMON = {"keep_warm": 1}
        """,
        after="""
            import modal

            COMMON = {"min_containers": 1}
        """,
        files={
            "zdeploy.py": """
                import main
                from main import COMMON
                from modal import App

                app = App("a")
                if main.COMMON["keep_warm"] > 1:
                    COMMON["keep_warm"] = 1

                @app.function(**main.COMMON)
                def f(): ...
            """
        },
        files_after={
            "zdeploy.py": """
                import main
                from main import COMMON
                from modal import App

                app = App("a")
                if main.COMMON["min_containers"] > 1:
                    COMMON["min_containers"] = 1

                @app.function(**main.COMMON)
                def f(): ...
            """
        },
        rules=("autoscaler-splat",),
        applicability=REVIEW,
        proof=OTHER_FILE,
    ),
    Case(
        id="a-key-that-may-be-read-where-it-cannot-be-followed",
        before="""
            import modal

            app = modal.App("a")
            SHOWN = ("keep_warm", "cpu")
            OPTIONS = {"keep_warm": 1}
            print({key: OPTIONS[key] for key in OPTIONS if key in SHOWN})

            @app.function(**OPTIONS)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            SHOWN = ("keep_warm", "cpu")
            OPTIONS = {"keep_warm": 1}
            print({key: OPTIONS[key] for key in OPTIONS if key in SHOWN})

            @app.function(**OPTIONS)
            def f(): ...
        """,
        rules=("autoscaler-splat",),
        applicability=MANUAL,
        proof=LEFT,
    ),
    Case(
        id="a-key-that-is-a-parameter-too",
        before="""
            import modal

            app = modal.App("a")
            OPTIONS = {"keep_warm": 1}

            def warm(keep_warm=0, **rest):
                return keep_warm

            warm(**OPTIONS)

            @app.function(**OPTIONS)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            OPTIONS = {"keep_warm": 1}

            def warm(keep_warm=0, **rest):
                return keep_warm

            warm(**OPTIONS)

            @app.function(**OPTIONS)
            def f(): ...
        """,
        rules=("autoscaler-splat",),
        applicability=MANUAL,
        proof=LEFT,
    ),
    Case(
        id="on-a-method-it-is-deleted",
        before=on_class("cpu=2", method="keep_warm=1"),
        after=on_class("cpu=2", method=""),
        rules=("autoscaler-method",),
        applicability=REVIEW,
        proof=Proof(old_before=Sdk.FAILS, why="refused since 0.73.84"),
    ),
    Case(
        id="on-a-method-it-is-moved-to-the-class",
        before=on_class("cpu=2", method="keep_warm=1"),
        after=on_class("cpu=2, min_containers=1", method=""),
        rules=("autoscaler-method",),
        applicability=REVIEW,
        choice="move",
        proof=Proof(old_before=Sdk.FAILS, why="refused since 0.73.84"),
    ),
    Case(
        id="keep-warm-of-a-looked-up-function",
        before=in_body('modal.Function.from_name("a", "f").keep_warm(3)'),
        after=in_body('modal.Function.from_name("a", "f").update_autoscaler(min_containers=3)'),
        rules=("keep-warm-method",),
        proof=NO_CALL,
    ),
    Case(
        id="keep-warm-of-an-instance-in-async-code",
        before=in_body('await modal.Cls.from_name("a", "M")().keep_warm.aio(warm_pool_size=n)', asynchronous=True),
        after=in_body(
            'await modal.Cls.from_name("a", "M")().update_autoscaler.aio(min_containers=n)', asynchronous=True
        ),
        rules=("keep-warm-method",),
        proof=NO_CALL,
    ),
    Case(
        id="keep-warm-by-the-newest-name",
        before=in_body('modal.Function.from_name("a", "f").keep_warm(3)'),
        after=in_body('modal.Function.from_name("a", "f").autoscaler.update(min_containers=3)'),
        rules=("keep-warm-method",),
        choice="autoscaler",
        proof=NO_CALL,
    ),
    Case(
        id="said-in-comments-and-docstrings-and-commented-out",
        before='''
            import modal
            app = modal.App()
            # One container stays, as with `keep_warm=1`; ``concurrency_limit`` is for
            # `@app.cls(container_idle_timeout=60)`.
            OPTIONS = {}  # no `keep_warm`

            @app.function(
                # concurrency_limit=10,
                timeout=60,
                #keep_warm=1
            )
            def f():
                """Set `keep_warm` for more.

                    @app.function(keep_warm=1, timeout=3)
                    container_idle_timeout=30,
                """

            # @app.function(keep_warm=2)
            # f = app.function(keep_warm=3)(f)
        ''',
        after='''
            import modal
            app = modal.App()
            # One container stays, as with `min_containers=1`; ``max_containers`` is for
            # `@app.cls(scaledown_window=60)`.
            OPTIONS = {}  # no `min_containers`

            @app.function(
                # max_containers=10,
                timeout=60,
                #min_containers=1
            )
            def f():
                """Set `min_containers` for more.

                    @app.function(min_containers=1, timeout=3)
                    scaledown_window=30,
                """

            # @app.function(min_containers=2)
            # f = app.function(min_containers=3)(f)
        ''',
        rules=("autoscaler-text",),
        applicability=Applicability.REVIEW,
        proof=SAID,
    ),
    Case(
        "a-default-that-is-set",
        """
            import modal

            app = modal.App("a")
            options = {"timeout": 3}
            options.setdefault("keep_warm", 1)

            @app.function(**options)
            def f(): ...
        """,
        """
            import modal

            app = modal.App("a")
            options = {"timeout": 3}
            options.setdefault("min_containers", 1)

            @app.function(**options)
            def f(): ...
        """,
        ("autoscaler-splat",),
        REVIEW,
    ),
    Case(
        "a-variable-that-only-methods-read",
        on_class("", "keep_warm=WARM").replace("@app", "# how many\nWARM = 2\n\n@app", 1),
        on_class("", "").replace("@app", "@app", 1),
        ("autoscaler-method",),
        REVIEW,
        proof=Proof(Sdk.FAILS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 refuses it, too"),
    ),
    Case(
        "an-app-that-comes-with-all-names-of-a-file",
        "from middle import *\n\n@app.function(keep_warm=1)\ndef f(): ...\n",
        "from middle import *\n\n@app.function(min_containers=1)\ndef f(): ...\n",
        (RENAME,),
        files={"middle.py": "from common import *\n", "common.py": 'import modal\n\napp = modal.App("a")\n'},
    ),
    Case(
        "an-app-made-by-a-name-of-modal-that-comes-with-all-names-of-a-file",
        'from common import *\n\napp = App("a")\n\n@app.function(keep_warm=1)\ndef f(): ...\n',
        'from common import *\n\napp = App("a")\n\n@app.function(min_containers=1)\ndef f(): ...\n',
        (RENAME,),
        files={"common.py": "from modal import *\n"},
    ),
    Case(
        "an-app-of-the-names-for-async-code",
        'import modal.aio\n\nstub = modal.aio.AioStub("a")\n\n@stub.function(keep_warm=1)\ndef f(): ...\n',
        'import modal.aio\n\nstub = modal.aio.AioStub("a")\n\n@stub.function(min_containers=1)\ndef f(): ...\n',
        (RENAME,),
        proof=Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="0.77 has modal.aio no more"),
    ),
]

NEAR_MISSES = [
    NearMiss(
        id="settings-that-another-file-splats-elsewhere",
        code="""
            import modal

            class Settings:
                celery = dict(keep_warm=1)

            COMMON = {"keep_warm": 1}
        """,
        files={
            "deploy.py": """
                import celery
                import modal
                from main import COMMON, Settings

                app = modal.App("a")
                other = celery.Celery()

                @other.function(**Settings.celery)
                def f(): ...

                @app.function(cpu=COMMON["cpu"])
                def g(): ...
            """
        },
    ),
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
    NearMiss(
        id="own-deployer-over-modals-decorators",
        code="""
            import modal

            class Deployer:
                def function(self, keep_warm=0):
                    return lambda f: f

            deployer = Deployer()

            @deployer.function(keep_warm=1)
            @modal.asgi_app()
            def f(): ...
        """,
    ),
    NearMiss(
        id="another-librarys-parameter",
        code="""
            import modal
            from celery import Celery

            app = Celery("a")

            @app.function(keep_warm=1, concurrency_limit=2)
            def f(): ...
        """,
    ),
    NearMiss(id="a-dict-that-is-no-call", code='import modal\n\nCONFIG = {"keep_warm": 1, "concurrency_limit": 2}\n'),
    NearMiss(
        id="own-dataclass-and-function",
        code="""
            import modal
            from dataclasses import dataclass

            @dataclass
            class Config:
                keep_warm: int = 1

            def deploy(keep_warm=1): ...

            deploy(keep_warm=Config(keep_warm=2).keep_warm)
        """,
    ),
    NearMiss(
        id="kwargs-of-unknown-origin",
        code="""
            import json
            import modal

            app = modal.App("a")

            def make(**kwargs):
                return app.function(**kwargs)

            def other(**kwargs):
                return json.dumps(kwargs)

            make(**json.loads("{}"))
            other(keep_warm=1)
        """,
    ),
    NearMiss(
        id="what-reads-another-dict-by-that-key",
        code="""
            import modal

            app = modal.App("a")
            OPTIONS = {"min_containers": 1}
            given = {"keep_warm": 1}
            print(given["keep_warm"], given.get("keep_warm"), "keep_warm" in given)
            OPTIONS["min_containers"] = given["keep_warm"]

            @app.function(**OPTIONS)
            def f(): ...
        """,
    ),
    NearMiss(id="comment-and-string", code='import modal\n\n# keep_warm=1\nTEXT = "@app.function(keep_warm=1)"\n'),
    NearMiss(id="new-names-already", code=on_function("min_containers=1, max_containers=2, scaledown_window=60")),
    NearMiss(
        id="name-rebound-to-something-else",
        code="""
            import modal

            app = modal.App("a")
            app = object()

            @app.function(keep_warm=1)
            def f(): ...
        """,
    ),
    NearMiss(
        id="keep-warm-method-of-another-object",
        code="""
            import modal

            class Oven:
                def keep_warm(self, n): ...

            Oven().keep_warm(3)
        """,
    ),
    NearMiss(
        id="silenced-by-a-comment",
        code=on_function("keep_warm=1").replace(")\ndef", ")  # modal-wizard: ignore\ndef"),
    ),
    NearMiss(
        id="texts-that-tell-of-the-change",
        code='''
            import modal
            # `keep_warm` was renamed in 0.73.
            # It is `min_containers` now.

            # Deprecated: `concurrency_limit`.

            # With `scaledown_window` there, `keep_warm` is one that raises.

            def f():
                """`container_idle_timeout` is called `scaledown_window`."""
        ''',
    ),
    NearMiss(
        id="texts-of-what-is-the-file's-own-or-no-name",
        code="""
            import modal
            # `keep_warm` is handed on; `--concurrency_limit` and `cfg.container_idle_timeout` are options,
            # `"concurrency_limit"` a key, `concurrency_limit()` another;
            # keep_warm in words, concurrency_limit = 3
            # container_idle_timeout
            def f(keep_warm): ...
        """,
    ),
    NearMiss(
        id="texts-of-a-file-without-modal",
        code="""
            # `concurrency_limit` and
            # f(concurrency_limit=1)
            def f(**options): ...
        """,
    ),
    NearMiss(
        "a-name-that-all-names-of-a-file-do-not-bring",
        "from common import *\n\n@_app.function(keep_warm=1)\ndef f(): ...\n",
        files={"common.py": 'import modal\n\n_app = modal.App("a")\n'},
    ),
    NearMiss(
        "a-name-that-the-list-of-public-names-leaves-out",
        "from common import *\n\n@app.function(keep_warm=1)\ndef f(): ...\n",
        files={"common.py": 'import modal\n\n__all__ = ["image"]\napp = modal.App("a")\nimage = None\n'},
    ),
    NearMiss(
        "a-name-that-a-later-file-out-of-sight-may-bring",
        "from common import *\nfrom elsewhere import *\n\n@app.function(keep_warm=1)\ndef f(): ...\n",
        files={"common.py": 'import modal\n\napp = modal.App("a")\n'},
    ),
    NearMiss(
        "a-name-that-the-last-file-brings-from-out-of-sight",
        "from common import *\nfrom other import *\n\n@app.function(keep_warm=1)\ndef f(): ...\n",
        files={
            "common.py": 'import modal\n\napp = modal.App("a")\n',
            "other.py": "from framework import make\n\napp = make()\n",
        },
    ),
]
