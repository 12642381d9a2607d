"""Cases of the section ``cls-parameters``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

REVIEW = Applicability.REVIEW
MANUAL = Applicability.MANUAL
UNCHANGED = Proof(old_after=Sdk.WARNS, new_after=Sdk.FAILS, why="manual: the file stays as it is")

GIVEN = """
import typing

import modal

app = modal.App("a")
GIVEN = {{}}

@app.cls()
class Model:
    def __init__(self, options: typing.Optional[typing.Any] = None):
        self.options = options

    @modal.method()
    def run(self): ...

def main():
    Model({}).run.remote()
"""

CASES = [
    Case(
        id="stored-parameters",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str, size: int = 3):
                    self.name = name
                    self.size = size

                @modal.method()
                def run(self):
                    return self.name

            @app.function()
            def main():
                return Model("bert", size=4).run.remote()
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()
                size: int = modal.parameter(default=3)

                @modal.method()
                def run(self):
                    return self.name

            @app.function()
            def main():
                return Model(name="bert", size=4).run.remote()
        """,
        rules=("cls-constructor",),
    ),
    Case(
        id="required-parameters-come-first",
        before="""
            from modal import App, method

            app = App("a")

            @app.cls()
            class Model:
                def __init__(self, size: int = 3, *, name: str):
                    self.size, self.name = size, name

                @method()
                def run(self): ...
        """,
        after="""
            from modal import App, method, parameter

            app = App("a")

            @app.cls()
            class Model:
                name: str = parameter()
                size: int = parameter(default=3)

                @method()
                def run(self): ...
        """,
        rules=("cls-constructor",),
    ),
    Case(
        id="paths-travel-as-text",
        before="""
            from pathlib import Path

            import modal

            app = modal.App("a")
            RUNS = Path("/root") / "runs"

            @app.cls()
            class Model:
                def __init__(self, weights, name: str, log="/log"):
                    self.weights = weights
                    self.name = name
                    self.log = log

                @modal.method()
                def run(self):
                    return open(self.weights), f"{self.weights}"

            @app.local_entrypoint()
            def main(run: str):
                Model(RUNS / run / "best.pt", RUNS.parent, log="/x")
                Model(weights=f"{RUNS}/a", name="a")
        """,
        after="""
            from pathlib import Path

            import modal

            app = modal.App("a")
            RUNS = Path("/root") / "runs"

            @app.cls()
            class Model:
                weights: str = modal.parameter()
                name: str = modal.parameter()
                log: str = modal.parameter(default="/log")

                @modal.method()
                def run(self):
                    return open(self.weights), f"{self.weights}"

            @app.local_entrypoint()
            def main(run: str):
                Model(weights=str(RUNS / run / "best.pt"), name=str(RUNS.parent), log="/x")
                Model(weights=f"{RUNS}/a", name="a")
        """,
        rules=("cls-constructor",),
        applicability=Applicability.REVIEW,
    ),
    *(
        Case(
            id=f"a-path-that-the-class-needs{number}",
            before=text,
            after=text,
            rules=("cls-constructor-by-hand",),
            applicability=Applicability.MANUAL,
            proof=UNCHANGED,
        )
        for number, text in enumerate(
            f"""
            from pathlib import Path

            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, weights):
                    self.weights = weights

                @modal.method()
                def run(self):
                    return {used}

            Model(Path("/x"))
            """
            for used in ("self.weights / 'a'", "self.weights.name", "[self.weights]")
        )
    ),
    Case(
        id="comments-and-docstring-stay",
        before='''
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                """A model."""

                # what it is made of
                def __init__(
                    self,
                    name: str,  # an id of Hugging Face
                    # in tokens
                    size: int = 3,
                ):
                    """Keep the parameters."""
                    # never changes
                    self.name = name
                    self.size = size  # read by run

                @modal.method()
                def run(self): ...
        ''',
        after='''
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                """A model."""

                # what it is made of
                # Keep the parameters.
                # never changes
                name: str = modal.parameter()  # an id of Hugging Face
                # in tokens
                size: int = modal.parameter(default=3)  # read by run

                @modal.method()
                def run(self): ...
        ''',
        rules=("cls-constructor",),
    ),
    Case(
        id="call-sites-in-other-files",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str, size: int):
                    self.name = name
                    self.size = size

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()
                size: int = modal.parameter()

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor",),
        files={
            "client.py": """
                from main import Model

                def ask():
                    return Model(
                        "bert",  # the small one
                        (3),
                    ).run.remote()
            """,
            "far.py": """
                import main as m

                def ask(size: int):
                    return m.Model.with_options(gpu="T4")("bert", size).run.remote()
            """,
            "other.py": """
                class Model:
                    def __init__(self, name): ...

                Model("bert")
            """,
        },
        files_after={
            "client.py": """
                from main import Model

                def ask():
                    return Model(
                        name="bert",  # the small one
                        size=(3),
                    ).run.remote()
            """,
            "far.py": """
                import main as m

                def ask(size: int):
                    return m.Model.with_options(gpu="T4")(name="bert", size=size).run.remote()
            """,
        },
    ),
    Case(
        id="values-that-do-not-fit-or-cannot-be-told",
        before="""
            import modal

            app = modal.App("a")
            SIZE = 3

            @app.cls()
            class Model:
                def __init__(self, size: int, name: str = "a"):
                    self.size = size
                    self.name = name

                @modal.method()
                def run(self): ...

            def ask(it, name: str):
                Model(SIZE + len(name) if it else -SIZE, f"{it}").run.remote()
                [Model(i, name.strip() or "b").run.remote() for i in range(3)]
                Model("3").run.remote()
        """,
        after="""
            import modal

            app = modal.App("a")
            SIZE = 3

            @app.cls()
            class Model:
                size: int = modal.parameter()
                name: str = modal.parameter(default="a")

                @modal.method()
                def run(self): ...

            def ask(it, name: str):
                Model(size=SIZE + len(name) if it else -SIZE, name=f"{it}").run.remote()
                [Model(size=i, name=name.strip() or "b").run.remote() for i in range(3)]
                Model(size="3").run.remote()
        """,
        rules=("cls-constructor",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="call-sites-through-a-package",
        path="pkg/model.py",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str):
                    self.name = name

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor",),
        files={
            "pkg/__init__.py": "from .model import Model as Model\n",
            "client.py": "from pkg import Model as M\n\nmodel = M('x')\n",
        },
        files_after={"client.py": "from pkg import Model as M\n\nmodel = M(name='x')\n"},
    ),
    Case(
        id="call-sites-looked-up-by-name",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str):
                    self.name = name

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
        files={
            "client.py": """
                import modal

                def ask():
                    Found = modal.Cls.from_name("a", "Model")
                    Other = modal.Cls.from_name("another", "Model")
                    return Found("x").run.remote(), Other("x").run.remote()
            """,
        },
        files_after={
            "client.py": """
                import modal

                def ask():
                    Found = modal.Cls.from_name("a", "Model")
                    Other = modal.Cls.from_name("another", "Model")
                    return Found(name="x").run.remote(), Other("x").run.remote()
            """,
        },
    ),
    Case(
        id="call-sites-that-name-it-already-need-no-order",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str):
                    self.name = name

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor",),
        files={"client.py": 'import modal\n\nmodal.Cls.from_name("a", "Model")(name="x")\n'},
    ),
    Case(
        id="one-name-of-two-classes",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str):
                    self.name = name

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
        files={
            "client.py": 'import modal\n\nmodal.Cls.from_name("a", "Model")("x")\n',
            "older.py": """
                import modal

                app = modal.App("a")

                @app.cls()
                class Model:
                    size: int = modal.parameter(default=1)
            """,
        },
        files_after={"client.py": 'import modal\n\nmodal.Cls.from_name("a", "Model")(name="x")\n'},
    ),
    Case(
        id="looked-up-in-an-app-without-a-literal-name",
        before="""
            import os
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str):
                    self.name = name

                @modal.method()
                def run(self): ...

            def ask():
                return modal.Cls.from_name(os.environ["APP"], "Model")("x").run.remote()
        """,
        after="""
            import os
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()

                @modal.method()
                def run(self): ...

            def ask():
                return modal.Cls.from_name(os.environ["APP"], "Model")(name="x").run.remote()
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="unpacked-arguments-are-left-and-said",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str):
                    self.name = name

                @modal.method()
                def run(self): ...

            def ask(names):
                return Model(*names), Model("x")
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()

                @modal.method()
                def run(self): ...

            def ask(names):
                return Model(*names), Model(name="x")
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="set-up-moves-to-enter",
        before='''
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, path: str, size: int = 3) -> None:
                    """Load the model."""
                    # the file of the model
                    self.path = path
                    self.double = size * 2
                    self.text = f"{path}:{self.double}"

                @modal.enter()
                def warm(self): ...

                @modal.method()
                def run(self): ...
        ''',
        after='''
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                path: str = modal.parameter()
                size: int = modal.parameter(default=3)

                @modal.enter()
                def setup(self) -> None:
                    """Load the model."""
                    # the file of the model
                    self.double = self.size * 2
                    self.text = f"{self.path}:{self.double}"

                @modal.enter()
                def warm(self): ...

                @modal.method()
                def run(self): ...
        ''',
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="an-attribute-of-another-name",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str, retries: int = 1):
                    self._name = name
                    self.retries = retries

                @modal.method()
                def run(self):
                    return self._name
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()
                retries: int = modal.parameter(default=1)

                @modal.enter()
                def setup(self):
                    self._name = self.name

                @modal.method()
                def run(self):
                    return self._name
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="a-parameter-that-is-changed-on-the-way",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str, size: int):
                    name = name.strip()
                    self.name = name
                    self.size = size * 2
                    self.all = [size for _ in range(size)]

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()
                size: int = modal.parameter()

                @modal.enter()
                def setup(self):
                    name = self.name
                    size = self.size
                    name = name.strip()
                    self.name = name
                    self.size = size * 2
                    self.all = [size for _ in range(size)]

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="names-that-only-look-like-the-parameter",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str):
                    self.call = lambda name: name
                    self.names = [name for name in ("a", "b")]
                    self.options = dict(name=name)
                    self.text = f"name {name}"

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()

                @modal.enter()
                def setup(self):
                    name = self.name
                    self.call = lambda name: name
                    self.names = [name for name in ("a", "b")]
                    self.options = dict(name=name)
                    self.text = f"name {name}"

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="shadowed-names-stay",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str):
                    self.call = lambda name: name
                    self.names = [name for name in ("a", "b")]
                    self.options = dict(name=name)

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()

                @modal.enter()
                def setup(self):
                    self.call = lambda name: name
                    self.names = [name for name in ("a", "b")]
                    self.options = dict(name=self.name)

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="a-constructor-without-parameters",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self):
                    super().__init__()
                    self.size = 3

                @modal.enter()
                def setup(self): ...

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.enter()
                def set_up(self):
                    self.size = 3

                @modal.enter()
                def setup(self): ...

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-setup",),
        applicability=REVIEW,
    ),
    Case(
        id="a-constructor-that-does-nothing",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self):
                    pass

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.method()
                def run(self): ...
        """,
        rules=("cls-setup",),
    ),
    Case(
        id="memory-snapshot-keeps-set-up-before-it",
        before="""
            import modal

            app = modal.App("a")

            @app.cls(enable_memory_snapshot=True)
            class Model:
                def __init__(self):
                    self.weights = [0]

                @modal.enter(snap=False)
                def to_gpu(self): ...

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls(enable_memory_snapshot=True)
            class Model:
                @modal.enter(snap=True)
                def setup(self):
                    self.weights = [0]

                @modal.enter(snap=False)
                def to_gpu(self): ...

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-setup",),
        applicability=REVIEW,
    ),
    Case(
        id="types-from-defaults",
        before="""
            import modal

            app = modal.App("a")
            NAME = "bert"

            @app.cls()
            class Model:
                def __init__(self, name=NAME, size=-3, fast=True, key=b"k"):
                    self.name = name
                    self.size = size
                    self.fast = fast
                    self.key = key

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            NAME = "bert"

            @app.cls()
            class Model:
                name: str = modal.parameter(default=NAME)
                size: int = modal.parameter(default=-3)
                fast: bool = modal.parameter(default=True)
                key: bytes = modal.parameter(default=b"k")

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="a-default-of-another-type",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str = 3):
                    self.name = name
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter(default=3)
        """,
        rules=("cls-constructor",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="type-from-the-callers",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, size):
                    self.size = size

                @modal.method()
                def run(self): ...

            def ask():
                return Model(3).run.remote(), Model(size=4).run.remote()
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                size: int = modal.parameter()

                @modal.method()
                def run(self): ...

            def ask():
                return Model(size=3).run.remote(), Model(size=4).run.remote()
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="a-type-that-has-to-be-asked-for",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name):
                    self.name = name

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="quoted-annotations",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: "str"):
                    self.name: "str" = name

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor",),
    ),
    Case(
        id="future-annotations-that-nothing-needs",
        before='''
            """A model."""

            from __future__ import annotations

            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str):
                    self.name = name

                @modal.method()
                def run(self, texts: list[str]) -> int | None: ...
        ''',
        after='''
            """A model."""

            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()

                @modal.method()
                def run(self, texts: list[str]) -> int | None: ...
        ''',
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="future-annotations-beside-another-future",
        before="""
            from __future__ import annotations, generator_stop
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str):
                    self.name = name

                @modal.method()
                def run(self): ...
        """,
        after="""
            from __future__ import generator_stop
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="future-annotations-that-are-needed",
        before="""
            from __future__ import annotations

            from typing import TYPE_CHECKING

            import modal

            if TYPE_CHECKING:
                from pathlib import Path

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str):
                    self.name = name

                @modal.method()
                def run(self, path: Path): ...
        """,
        after="""
            from __future__ import annotations

            from typing import TYPE_CHECKING

            import modal

            if TYPE_CHECKING:
                from pathlib import Path

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str):
                    self.name = name

                @modal.method()
                def run(self, path: Path): ...
        """,
        rules=("cls-constructor-by-hand",),
        applicability=MANUAL,
        proof=UNCHANGED,
    ),
    Case(
        id="future-annotations-for-a-class-defined-below",
        before="""
            from __future__ import annotations

            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str):
                    self.name = name

                @modal.method()
                def run(self) -> Answer: ...

            class Answer: ...
        """,
        after="""
            from __future__ import annotations

            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str):
                    self.name = name

                @modal.method()
                def run(self) -> Answer: ...

            class Answer: ...
        """,
        rules=("cls-constructor-by-hand",),
        applicability=MANUAL,
        proof=UNCHANGED,
    ),
    Case(
        id="optional-that-a-quoted-annotation-names",
        before="""
            from typing import Optional, Union

            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: Union[str, None] = None):
                    self.name = name

                @modal.method()
                def run(self) -> "Optional[str]":
                    return self.name

            def ask() -> Union[str, int]:
                return Model().run.remote()
        """,
        after="""
            from typing import Optional, Union

            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter(default="")

                @modal.enter()
                def setup(self):
                    self.name = self.name or None

                @modal.method()
                def run(self) -> "Optional[str]":
                    return self.name

            def ask() -> Union[str, int]:
                return Model().run.remote()
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="optional-text",
        before="""
            from typing import Optional

            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: Optional[str] = None, tag: str | None = "x", note: str = None):
                    self.name = name
                    self.tag = tag
                    self.has_note = note is not None

                @modal.method()
                def run(self): ...

            def ask(name: str, tag):
                return Model(name, None), Model("b", tag=tag), Model(tag=tag if tag else None)
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter(default="")
                tag: str = modal.parameter(default="x")
                note: str = modal.parameter(default="")

                @modal.enter()
                def setup(self):
                    note = self.note or None
                    self.name = self.name or None
                    self.tag = self.tag or None
                    self.has_note = note is not None

                @modal.method()
                def run(self): ...

            def ask(name: str, tag):
                return Model(name=name, tag=""), Model(name="b", tag=tag or ""), Model(tag=(tag if tag else None) or "")
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="a-float-travels-as-text",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, heat: float = 0.7):
                    self.heat = heat

                @modal.method()
                def run(self): ...

            def ask(heat):
                return Model(0.5), Model(heat=heat), Model(heat=-1)
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                heat: str = modal.parameter(default="0.7")

                @modal.enter()
                def setup(self):
                    self.heat = float(self.heat)

                @modal.method()
                def run(self): ...

            def ask(heat):
                return Model(heat="0.5"), Model(heat=str(heat)), Model(heat=str(-1))
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="lists-travel-as-json",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, names: list[str], options: dict = {"a": 1}, sizes: tuple[int, ...] = ()):
                    self.names = names
                    self.options = options
                    self.sizes = sizes

                @modal.method()
                def run(self): ...
        """,
        after="""
            import json
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                names: str = modal.parameter()
                options: str = modal.parameter(default='{"a": 1}')
                sizes: str = modal.parameter(default="[]")

                @modal.enter()
                def setup(self):
                    self.names = json.loads(self.names)
                    self.options = json.loads(self.options)
                    self.sizes = tuple(json.loads(self.sizes))

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
        files={"client.py": "import os\nfrom main import Model\n\nmodel = Model(['a'])\n"},
        files_after={
            "client.py": "import json\nimport os\nfrom main import Model\n\nmodel = Model(names=json.dumps(['a']))\n"
        },
    ),
    Case(
        id="paths-and-literals",
        before="""
            from pathlib import Path
            from typing import Literal

            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, folder: Path = Path("/data"), mode: Literal["fast", "slow"] = "fast"):
                    self.folder = folder
                    self.mode = mode

                @modal.method()
                def run(self): ...
        """,
        after="""
            from pathlib import Path

            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                folder: str = modal.parameter(default="/data")
                mode: str = modal.parameter(default="fast")

                @modal.enter()
                def setup(self):
                    self.folder = Path(self.folder)

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="a-type-that-cannot-travel",
        before="""
            from typing import Any, Callable

            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, work: Callable[[], Any]):
                    self.work = work

                @modal.method()
                def run(self): ...
        """,
        after="""
            from typing import Any, Callable

            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, work: Callable[[], Any]):
                    self.work = work

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor-by-hand",),
        applicability=MANUAL,
        proof=UNCHANGED,
    ),
    Case(
        id="a-parameter-that-nobody-gives",
        before="""
            from typing import Any, Dict, Optional

            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(
                    self,
                    url: str = "u",
                    options: Optional[Dict[str, Any]] = None,  # of the decoder
                    other=None,
                ):
                    self.url = url
                    self.options = options or {}

                @modal.method()
                def run(self): ...

            def main():
                Model("v").run.remote()
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                # of the decoder
                url: str = modal.parameter(default="u")

                @modal.enter()
                def setup(self):
                    options = None
                    self.options = options or {}

                @modal.method()
                def run(self): ...

            def main():
                Model(url="v").run.remote()
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    *(
        Case(
            id=f"a-parameter-that-is-given-{how}",
            before=GIVEN.format(call),
            after=GIVEN.format(call),
            rules=("cls-constructor-by-hand",),
            applicability=MANUAL,
            proof=UNCHANGED,
        )
        for how, call in (("by-name", "options=GIVEN"), ("unpacked", "**GIVEN"), ("by-position", "GIVEN"))
    ),
    Case(
        id="arguments-of-any-number",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, **options):
                    self.options = options

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, **options):
                    self.options = options

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor-by-hand",),
        applicability=MANUAL,
        proof=UNCHANGED,
    ),
    Case(
        id="an-enter-method-above-would-run-first",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.enter()
                def load(self): ...

                def __init__(self):
                    self.size = 3

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                @modal.enter()
                def load(self): ...

                def __init__(self):
                    self.size = 3

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor-by-hand",),
        applicability=MANUAL,
        proof=UNCHANGED,
    ),
    Case(
        id="an-inherited-enter-method-would-run-first",
        before="""
            from modal import App, enter, method

            app = App("a")

            class Base:
                @enter()
                async def enter(self):
                    self.loaded = list(self.names)

            @app.cls()
            class Model(Base):
                def __init__(self, names: tuple[str]) -> None:
                    self.names = names
                    super().__init__()

                @method()
                def run(self): ...
        """,
        after="""
            from modal import App, enter, method

            app = App("a")

            class Base:
                @enter()
                async def enter(self):
                    self.loaded = list(self.names)

            @app.cls()
            class Model(Base):
                def __init__(self, names: tuple[str]) -> None:
                    self.names = names
                    super().__init__()

                @method()
                def run(self): ...
        """,
        rules=("cls-constructor-by-hand",),
        applicability=MANUAL,
        proof=UNCHANGED,
    ),
    Case(
        id="a-base-class-without-constructor",
        before="""
            from abc import ABC

            import modal

            app = modal.App("a")

            class Base(ABC):
                def helper(self): ...

            @app.cls()
            class Model(Base):
                def __init__(self, name: str):
                    super().__init__()
                    self.name = name

                @modal.method()
                def run(self): ...
        """,
        after="""
            from abc import ABC

            import modal

            app = modal.App("a")

            class Base(ABC):
                def helper(self): ...

            @app.cls()
            class Model(Base):
                name: str = modal.parameter()

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="inherited-from-another-file",
        before="""
            import modal
            from base import Base

            app = modal.App("a")

            @app.cls()
            class Model(Base):
                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal
            from base import Base

            app = modal.App("a")

            @app.cls()
            class Model(Base):
                @modal.method()
                def run(self): ...
        """,
        files={"base.py": "class Base:\n    def __init__(self):\n        self.size = 3\n"},
        rules=("cls-inherited-constructor",),
        applicability=MANUAL,
        proof=UNCHANGED,
    ),
    Case(
        id="inherited-from-an-exception",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model(RuntimeError):
                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model(RuntimeError):
                @modal.method()
                def run(self): ...
        """,
        rules=("cls-inherited-constructor",),
        applicability=MANUAL,
        proof=UNCHANGED,
    ),
    Case(
        id="a-dataclass",
        before="""
            from dataclasses import dataclass

            import modal

            app = modal.App("a")

            @app.cls()
            @dataclass
            class Model:
                name: str = "bert"

                @modal.method()
                def run(self): ...
        """,
        after="""
            from dataclasses import dataclass

            import modal

            app = modal.App("a")

            @app.cls()
            @dataclass
            class Model:
                name: str = "bert"

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-dataclass",),
        applicability=MANUAL,
        proof=UNCHANGED,
    ),
    Case(
        id="decorated-by-a-call",
        before="""
            import modal

            app = modal.App("a")

            class Plain:
                def __init__(self, name: str):
                    self.name = name

                @modal.method()
                def run(self): ...

            Model = app.cls(timeout=60)(Plain)

            def ask():
                return Model("x").run.remote()
        """,
        after="""
            import modal

            app = modal.App("a")

            class Plain:
                name: str = modal.parameter()

                @modal.method()
                def run(self): ...

            Model = app.cls(timeout=60)(Plain)

            def ask():
                return Model(name="x").run.remote()
        """,
        rules=("cls-constructor",),
    ),
    Case(
        id="decorated-by-a-call-in-another-file",
        before="""
            import modal
            from model import Plain

            app = modal.App("a")
            Model = app.cls()(Plain)
        """,
        after="""
            import modal
            from model import Plain

            app = modal.App("a")
            Model = app.cls()(Plain)
        """,
        files={
            "model.py": """
                from modal import method

                class Plain:
                    def __init__(self, name: str):
                        self.name = name

                    @method()
                    def run(self): ...
            """,
            "client.py": "from main import Model\n\nmodel = Model('x')\n",
        },
        files_after={
            "model.py": """
                from modal import method, parameter

                class Plain:
                    name: str = parameter()

                    @method()
                    def run(self): ...
            """,
            "client.py": "from main import Model\n\nmodel = Model(name='x')\n",
        },
        rules=("cls-constructor",),
    ),
    Case(
        id="the-plain-class-is-called-too",
        before="""
            import modal

            app = modal.App("a")

            class Plain:
                def __init__(self, name: str):
                    self.name = name

                @modal.method()
                def run(self): ...

            Model = app.cls()(Plain)

            def test_it():
                assert Plain("x").name == "x"
        """,
        after="""
            import modal

            app = modal.App("a")

            class Plain:
                def __init__(self, name: str):
                    self.name = name

                @modal.method()
                def run(self): ...

            Model = app.cls()(Plain)

            def test_it():
                assert Plain("x").name == "x"
        """,
        rules=("cls-constructor-by-hand",),
        applicability=MANUAL,
        proof=UNCHANGED,
    ),
    Case(
        id="a-bare-annotation-is-not-said-twice",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str

                def __init__(self, name: str):
                    self.name = name

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor",),
    ),
    Case(
        id="a-parameter-named-like-a-method",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, run: str):
                    self._run = run

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, run: str):
                    self._run = run

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor-by-hand",),
        applicability=MANUAL,
        proof=UNCHANGED,
    ),
    Case(
        id="a-body-on-the-line-of-its-def",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str): self.name = name; self.size = len(name)

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()

                @modal.enter()
                def setup(self): self.size = len(self.name)

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="a-class-that-is-migrated-but-not-its-callers",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()
                size: int = modal.parameter(default=3)

                @modal.method()
                def run(self): ...

            def ask():
                return Model("x", 4).run.remote()
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()
                size: int = modal.parameter(default=3)

                @modal.method()
                def run(self): ...

            def ask():
                return Model(name="x", size=4).run.remote()
        """,
        rules=("cls-positional-call",),
        applicability=REVIEW,
        proof=Proof(
            old_before=Sdk.ACCEPTS, new_before=Sdk.ACCEPTS, why="positional arguments fail in the remote call only"
        ),
    ),
    Case(
        id="a-class-defined-twice",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str):
                    self.name = name

                @modal.method()
                def run(self): ...

            class Model:
                def __init__(self, name: str):
                    self.name = name
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str):
                    self.name = name

                @modal.method()
                def run(self): ...

            class Model:
                def __init__(self, name: str):
                    self.name = name
        """,
        rules=("cls-constructor-by-hand",),
        applicability=MANUAL,
        proof=UNCHANGED,
    ),
    Case(
        id="a-base-class-in-a-cycle-of-imports",
        before="""
            import modal
            from base import Base

            app = modal.App("a")

            @app.cls()
            class Model(Base):
                def __init__(self, name: str):
                    self.name = name

                @modal.method()
                def run(self): ...
        """,
        after="""
            import modal
            from base import Base

            app = modal.App("a")

            @app.cls()
            class Model(Base):
                name: str = modal.parameter()

                @modal.method()
                def run(self): ...
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
        files={
            "base.py": """
                class Base: ...

                def make():
                    from main import Model

                    return Model("x")
            """,
        },
        files_after={
            "base.py": """
                class Base: ...

                def make():
                    from main import Model

                    return Model(name="x")
            """,
        },
    ),
    Case(
        id="a-generator-is-left-and-said",
        before="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __init__(self, name: str = "x"):
                    ...

                @modal.method()
                def run(self): ...

            def ask():
                return Model(c for c in "ab")
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter(default="x")

                @modal.method()
                def run(self): ...

            def ask():
                return Model(c for c in "ab")
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="windows-line-ends",
        before=(
            "import modal\r\n\r\napp = modal.App('a')\r\n\r\n@app.cls()\r\nclass Model:\r\n"
            "    def __init__(self, name: str, size: int):\r\n        self.name = name\r\n        self.n = size\r\n\r\n"
            "    @modal.method()\r\n    def run(self): ...\r\n"
        ),
        after=(
            "import modal\r\n\r\napp = modal.App('a')\r\n\r\n@app.cls()\r\nclass Model:\r\n"
            "    name: str = modal.parameter()\r\n    size: int = modal.parameter()\r\n\r\n"
            "    @modal.enter()\r\n    def setup(self):\r\n        self.n = self.size\r\n\r\n"
            "    @modal.method()\r\n    def run(self): ...\r\n"
        ),
        rules=("cls-constructor",),
        applicability=REVIEW,
    ),
    Case(
        id="stub-and-a-shared-app",
        before="""
            from common import stub
            from modal import method

            @stub.cls(gpu="any")
            class Model:
                def __init__(self, run_id: str = ""):
                    self.run_id = run_id
                    self.where = f"/results/{run_id}"

                @method()
                def generate(self): ...
        """,
        after="""
            from common import stub
            from modal import enter, method, parameter

            @stub.cls(gpu="any")
            class Model:
                run_id: str = parameter(default="")

                @enter()
                def setup(self):
                    self.where = f"/results/{self.run_id}"

                @method()
                def generate(self): ...
        """,
        rules=("cls-constructor",),
        applicability=REVIEW,
        files={"common.py": "from modal import App\n\nstub = App('a')\n"},
    ),
]

NEAR_MISSES = [
    NearMiss(
        id="undecorated-classes-beside",
        code="""
            import modal

            app = modal.App("a")

            class Dataset:
                def __init__(self, items):
                    self.items = items

            @app.cls()
            class Model:
                @modal.enter()
                def load(self):
                    self.data = Dataset([1])

                @modal.method()
                def run(self): ...
        """,
    ),
    NearMiss(
        id="own-app",
        code="""
            class App:
                def cls(self, **options): return lambda c: c

            app = App()

            @app.cls()
            class Model:
                def __init__(self, name):
                    self.name = name

            Model("modal")
        """,
    ),
    NearMiss(
        id="new-is-not-refused",
        code="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                def __new__(cls): return super().__new__(cls)

                @modal.method()
                def run(self): ...
        """,
    ),
    NearMiss(
        id="parameters-called-by-keyword",
        code="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()

                @modal.method()
                def run(self): ...

            def ask(options):
                return Model(name="x").run.remote(), Model(**options).run.remote()
        """,
    ),
    NearMiss(
        id="a-base-class-without-constructor",
        code="""
            from abc import ABC
            from typing import Generic, TypeVar

            import modal

            T = TypeVar("T")
            app = modal.App("a")

            class Base(ABC, Generic[T]):
                @modal.enter()
                def load(self): ...

            @app.cls()
            class Model(Base[int]):
                @modal.method()
                def run(self): ...
        """,
    ),
    NearMiss(
        id="a-dataclass-without-constructor",
        code="""
            from dataclasses import dataclass

            import modal

            app = modal.App("a")

            @app.cls()
            @dataclass(init=False)
            class Model:
                @modal.method()
                def run(self): ...
        """,
    ),
    NearMiss(
        id="a-nested-class-with-a-constructor",
        code="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                class State:
                    def __init__(self, size):
                        self.size = size

                @modal.method()
                def run(self): ...
        """,
    ),
    NearMiss(
        id="a-function-called-init",
        code="""
            import modal

            app = modal.App("a")

            @app.function()
            def __init__(name): ...

            __init__("x")
        """,
    ),
    NearMiss(
        id="a-class-of-the-same-name-elsewhere",
        code="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()

                @modal.method()
                def run(self): ...
        """,
        files={"client.py": "from torch_models import Model\n\nModel('x')\n"},
    ),
    NearMiss(
        id="looked-up-in-another-app",
        code="""
            import modal

            app = modal.App("a")

            @app.cls()
            class Model:
                name: str = modal.parameter()

                @modal.method()
                def run(self): ...

            def ask():
                return modal.Cls.from_name("b", "Model")("x").run.remote()
        """,
    ),
]
