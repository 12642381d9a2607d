"""Cases of the section ``lifecycle-hooks``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

REVIEW = Applicability.REVIEW
SILENT = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="no SDK since 0.72 says anything of the names")
HEAD = 'import modal\n\napp = modal.App("a")\n\n'


def case(id: str, before: str, after: str, rules: tuple[str, ...] = ("enter",), **more: object) -> Case:
    """Return a case of one class, under an app."""
    return Case(id, before, after, rules, REVIEW, **{"proof": SILENT, **more})  # type: ignore[arg-type]


def model(body: str) -> str:
    """Return a file with one class of Modal's that has this body."""
    return f"{HEAD}@app.cls()\nclass Model:\n{body}\n    @modal.method()\n    def run(self): ...\n"


CASES = [
    case(
        "enter",
        model("    def __enter__(self):\n        self.x = 1\n"),
        model("    @modal.enter()\n    def enter_container(self):\n        self.x = 1\n"),
    ),
    case(
        "enter-of-async-code",
        model("    async def __aenter__(self):\n        self.x = 1\n"),
        model("    @modal.enter()\n    async def enter_container(self):\n        self.x = 1\n"),
    ),
    case(
        "exit-without-parameters-that-it-does-not-read",
        model("    def __exit__(self, exc_type, exc, tb=None) -> None:\n        self.x = 1\n"),
        model("    @modal.exit()\n    def exit_container(self) -> None:\n        self.x = 1\n"),
        ("exit",),
    ),
    case(
        "exit-that-takes-all-by-one-name",
        model("    def __exit__(*all, why=None):\n        print('left')\n"),
        model("    @modal.exit()\n    def exit_container(*all, why=None):\n        print('left')\n"),
        ("exit",),
    ),
    case(
        "exit-with-parameters-one-a-line",
        model("    def __exit__(\n        self,\n        *args,\n    ):\n        self.x = 1\n"),
        model("    @modal.exit()\n    def exit_container(\n        self,\n    ):\n        self.x = 1\n"),
        ("exit",),
    ),
    case(
        "exit-that-reads-what-it-is-given",
        model("    def __exit__(self, kind, error, trace):\n        print(error)\n"),
        model("    @modal.exit()\n    def exit_container(self, kind, error, trace):\n        print(error)\n"),
        ("exit",),
    ),
    case(
        "imported-by-name-and-decorated",
        """
            from modal import App, method

            app = App("a")

            @app.cls()
            class Model:
                # loads it once
                @print
                def __enter__(self):
                    pass

                @method()
                def run(self): ...
        """,
        """
            from modal import App, enter, method

            app = App("a")

            @app.cls()
            class Model:
                # loads it once
                @enter()
                @print
                def enter_container(self):
                    pass

                @method()
                def run(self): ...
        """,
        proof=Proof(Sdk.ACCEPTS, None, Sdk.ACCEPTS, None, why="enter() is given what print returns, which is None"),
    ),
    case(
        "both-ways-to-enter",
        model("    def __enter__(self): ...\n    async def __aenter__(self): ...\n"),
        model(
            "    @modal.enter()\n    def enter_container(self): ...\n"
            "    @modal.enter()\n    async def enter_container_async(self): ...\n"
        ),
        ("enter", "enter"),
    ),
    case(
        "a-base-that-is-entered-the-other-way",
        """
            import modal

            app = modal.App("a")

            class Base:
                async def __aexit__(self, *args): ...

            @app.cls()
            class Model(Base):
                def __exit__(self, *args): ...

                @modal.method()
                def run(self): ...
        """,
        """
            import modal

            app = modal.App("a")

            class Base:
                @modal.exit()
                async def exit_container_async(self): ...

            @app.cls()
            class Model(Base):
                @modal.exit()
                def exit_container(self): ...

                @modal.method()
                def run(self): ...
        """,
        ("exit", "exit"),
    ),
    case(
        "a-class-in-the-call-form-and-its-base",
        """
            import modal

            app = modal.App("a")

            class Base:
                def __enter__(self): ...

            class Model(Base):
                @modal.method()
                def run(self): ...

            Remote = app.cls()(Model)
        """,
        """
            import modal

            app = modal.App("a")

            class Base:
                @modal.enter()
                def enter_container(self): ...

            class Model(Base):
                @modal.method()
                def run(self): ...

            Remote = app.cls()(Model)
        """,
    ),
    case(
        "a-class-that-another-file-gives-to-modal",
        """
            from modal import method

            class Model:
                async def __aenter__(self): ...

                @method()
                def run(self): ...
        """,
        """
            from modal import enter, method

            class Model:
                @enter()
                async def enter_container(self): ...

                @method()
                def run(self): ...
        """,
        files={
            "app.py": 'import modal\nfrom main import Model\n\napp = modal.App("a")\napp.cls()(Model)\n',
        },
    ),
    case(
        "called-by-name-as-well",
        model("    def __enter__(self):\n        return self\n\n    def test(self):\n        self.__enter__()\n"),
        model(
            "    @modal.enter()\n    def enter_container(self):\n        self.__enter__()\n\n"
            "    def __enter__(self):\n        return self\n\n    def test(self):\n        self.__enter__()\n"
        ),
    ),
    case(
        "entered-by-with-as-well",
        f"""
            {HEAD.replace(chr(10), chr(10) + " " * 12)}
            @app.cls()
            class Model:
                async def __aexit__(self, *args): ...

            async def main():
                async with Model() as model:
                    print(model)
        """,
        f"""
            {HEAD.replace(chr(10), chr(10) + " " * 12)}
            @app.cls()
            class Model:
                @modal.exit()
                async def exit_container(self):
                    await self.__aexit__(None, None, None)

                async def __aexit__(self, *args): ...

            async def main():
                async with Model() as model:
                    print(model)
        """,
        ("exit",),
    ),
]

NEAR_MISSES = [
    NearMiss(
        "a-class-that-modal-does-not-run",
        f"{HEAD}class Timer:\n    def __enter__(self): ...\n    def __exit__(self, *args): ...\n",
    ),
    NearMiss("marked-already", model("    @modal.enter()\n    def __enter__(self): ...\n")),
    NearMiss(
        "called-by-what-is-marked",
        model("    @modal.enter()\n    def load(self):\n        self.__enter__()\n\n    def __enter__(self): ...\n"),
    ),
    NearMiss(
        "for-with-beside-what-is-marked",
        model("    @modal.enter()\n    def load(self): ...\n\n    def __enter__(self): ...\n")
        + "\ndef main():\n    with Model() as m:\n        print(m)\n",
    ),
    NearMiss(
        "a-class-of-another-library",
        "from api import app\n\n@app.cls()\nclass Client:\n    def __enter__(self): ...\n",
        files={"api.py": "import api_of_theirs\n\napp = api_of_theirs.App()\n"},
    ),
]
