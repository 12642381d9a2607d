"""Cases of the section ``mount``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

PACKAGE = {"pkg/__init__.py": "", "pkg/core.py": "X = 1", "single.py": "Y = 1"}
PACKAGE_WITH_DATA = {**PACKAGE, "pkg/data.json": "{}", "pkg/.hidden": "x"}

MOUNTED = 'import modal\n\napp = modal.App("a")\n\n@app.function({})\ndef f(): ...\n'
BY_CLASS = Proof(Sdk.FAILS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 has no constructor any more")
GONE_BEFORE = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="0.77 has it no more; nothing is rewritten")
OPTIONS_HEAD = """import modal

app = modal.App("a")

def made():
    return modal.Image.debian_slim()

def options():
"""

CASES = [
    Case(
        id="the-apps-image-by-the-name-that-it-has-in-another-file",
        before="""
            from common import (
                NAME,
                app,
            )
            from modal import Mount

            @app.function(mounts=[Mount.from_local_dir("data", remote_path="/data")])
            def f(): ...
        """,
        after="""
            from common import (
                NAME,
                app,
                image,
            )

            @app.function(image=image.add_local_dir("data", remote_path="/data"))
            def f(): ...
        """,
        files={
            "common.py": """
                import modal

                NAME = "a"
                image = modal.Image.debian_slim()
                app = modal.App(NAME, image=image)

                @app.function()
                def g(): ...
            """,
        },
        rules=("mount-function",),
    ),
    Case(
        id="formatted-targets-that-do-not-end-in-a-slash",
        before="""
            import modal
            from pathlib import Path

            app = modal.App("a")
            name, path = "x.txt", Path("y.txt")

            @app.function(
                mounts=[
                    modal.Mount.from_local_file(f"./{name}", remote_path=f"/repo/{name}"),
                    modal.Mount.from_local_file(str(path), remote_path=f"/repo/{path.name}"),
                ]
            )
            def f(): ...
        """,
        after="""
            import modal
            from pathlib import Path

            app = modal.App("a")
            name, path = "x.txt", Path("y.txt")

            @app.function(
                image=(
                    modal.Image.debian_slim()
                    .add_local_file(f"./{name}", remote_path=f"/repo/{name}")
                    .add_local_file(str(path), remote_path=f"/repo/{path.name}")
                )
            )
            def f(): ...
        """,
        files={"x.txt": "x", "y.txt": "y"},
        rules=("mount-function",),
    ),
    Case(
        id="inline-at-the-definition",
        before="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .pip_install("numpy")  # pinned elsewhere
            )

            @app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .pip_install("numpy")  # pinned elsewhere
                .add_local_dir("data", remote_path="/data")
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="image-shared-with-a-function-without-the-mount",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")], timeout=60)
            def f(): ...

            @app.function(image=image)
            def g(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image.add_local_dir("data", remote_path="/data"), timeout=60)
            def f(): ...

            @app.function(image=image)
            def g(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="image-shared-by-functions-with-the-same-mounts",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])
            def f(): ...

            @app.function(
                image=image,
                mounts=[modal.Mount.from_local_dir("data", remote_path="/data")],  # both need it
                timeout=60,
            )
            def g(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            # both need it
            image = modal.Image.debian_slim().add_local_dir("data", remote_path="/data")

            @app.function(image=image)
            def f(): ...

            @app.function(
                image=image,
                timeout=60,
            )
            def g(): ...
        """,
        rules=("mount-function",) * 2,
    ),
    Case(
        id="image-that-is-extended-elsewhere",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
            bigger = image.pip_install("numpy")

            @app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])
            def f(): ...

            @app.function(image=bigger)
            def g(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
            bigger = image.pip_install("numpy")

            @app.function(image=image.add_local_dir("data", remote_path="/data"))
            def f(): ...

            @app.function(image=bigger)
            def g(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="decorator-by-choice",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image.add_local_dir("data", remote_path="/data"))
            def f(): ...
        """,
        rules=("mount-function",),
        choice="decorator",
    ),
    Case(
        id="name-that-is-set-after-the-image",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
            DATA = "data"

            @app.function(image=image, mounts=[modal.Mount.from_local_dir(DATA, remote_path="/data")])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
            DATA = "data"

            @app.function(image=image.add_local_dir(DATA, remote_path="/data"))
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="class-with-build-steps-to-come",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.cls(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])
            class C:
                @modal.build()
                def fetch(self): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.cls(image=image.add_local_dir("data", remote_path="/data", copy=True))
            class C:
                @modal.build()
                def fetch(self): ...
        """,
        rules=("mount-class",),
        applicability=Applicability.REVIEW,
        proof=Proof(old_after=Sdk.WARNS, new_after=Sdk.FAILS, why="@modal.build is another section's matter"),
    ),
    Case(
        id="no-image-module-style",
        before="""
            import modal

            app = modal.App("a")

            @app.function(mounts=[modal.Mount.from_local_dir("data", remote_path="/data")], timeout=60)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(
                image=modal.Image.debian_slim().add_local_dir("data", remote_path="/data"), timeout=60
            )
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="no-image-from-import",
        before="""
            from modal import App, Mount

            app = App("a")

            @app.function(mounts=[Mount.from_local_dir("data", remote_path="/data")])
            def f(): ...
        """,
        after="""
            from modal import App, Image

            app = App("a")

            @app.function(image=Image.debian_slim().add_local_dir("data", remote_path="/data"))
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="no-image-alias",
        before="""
            import modal as m

            app = m.App("a")

            @app.cls(
                # what it needs
                mounts=[
                    m.Mount.from_local_dir("data", remote_path="/data"),  # the corpus
                ],
            )
            class C: ...
        """,
        after="""
            import modal as m

            app = m.App("a")

            @app.cls(
                # what it needs
                # the corpus
                image=m.Image.debian_slim().add_local_dir("data", remote_path="/data"),
            )
            class C: ...
        """,
        rules=("mount-class",),
    ),
    Case(
        id="image-of-the-app",
        before="""
            import modal

            image = modal.Image.debian_slim()
            app = modal.App("a", image=image)

            @app.function(mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])
            def f(): ...

            @app.function()
            def g(): ...
        """,
        after="""
            import modal

            image = modal.Image.debian_slim()
            app = modal.App("a", image=image)

            @app.function(image=image.add_local_dir("data", remote_path="/data"))
            def f(): ...

            @app.function()
            def g(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="image-of-the-app-without-a-name",
        before="""
            import modal

            app = modal.App("a", image=modal.Image.debian_slim())

            @app.function(mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])
            def f(): ...

            @app.function()
            def g(): ...
        """,
        after="""
            import modal

            app = modal.App(
                "a", image=modal.Image.debian_slim().add_local_dir("data", remote_path="/data")
            )

            @app.function()
            def f(): ...

            @app.function()
            def g(): ...
        """,
        rules=("mount-function",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="image-that-is-a-choice",
        before="""
            import modal

            app = modal.App("a")
            import os

            plain = modal.Image.debian_slim()
            other = modal.Image.micromamba()

            @app.function(
                image=plain if os.environ.get("PLAIN") else other,
                mounts=[
                    modal.Mount.from_local_dir("a", remote_path="/a"),
                ],
            )
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            import os

            plain = modal.Image.debian_slim()
            other = modal.Image.micromamba()

            @app.function(
                image=(plain if os.environ.get("PLAIN") else other).add_local_dir(
                    "a", remote_path="/a"
                ),
            )
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="default-remote-paths-begin-at-the-root",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(
                image=image,
                mounts=[
                    modal.Mount.from_local_dir("data")
                    .add_local_file("config.yaml")
                    .add_local_dir("~/assets/x/"),
                ],
            )
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .add_local_dir("data", "/data")
                .add_local_file("config.yaml", "/config.yaml")
                .add_local_dir("~/assets/x/", "/x")
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="dot-lands-in-the-root",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image, mounts=[modal.Mount.from_local_dir(".")])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_dir(".", "/")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="dot-dot-lands-in-the-root",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image, mounts=[modal.Mount.from_local_dir("..")])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_dir("..", "/")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="relative-remote-paths-are-anchored-at-the-root",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(
                image=image,
                mounts=[
                    modal.Mount.from_local_dir("../foo", remote_path='bar/baz'),
                    modal.Mount.from_local_file("a.txt", "b.txt"),
                ],
            )
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .add_local_dir("../foo", remote_path='/bar/baz')
                .add_local_file("a.txt", "/b.txt")
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="path-of-the-program",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
            from pathlib import Path

            HERE = Path(__file__).parent

            @app.function(
                image=image,
                mounts=[
                    modal.Mount.from_local_dir(HERE / "static"),
                    modal.Mount.from_local_dir(HERE / "web", remote_path="/web"),
                ],
            )
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
            from pathlib import Path

            HERE = Path(__file__).parent

            @app.function(
                image=(
                    image.add_local_dir(HERE / "static", "/static")
                    .add_local_dir(HERE / "web", remote_path="/web")
                ),
            )
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="name-known-only-when-it-runs",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
            from pathlib import Path

            @app.function(image=image, mounts=[modal.Mount.from_local_dir(Path(__file__).parent)])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
            from pathlib import Path

            @app.function(
                image=image.add_local_dir(Path(__file__).parent, "/" + Path(__file__).parent.name)
            )
            def f(): ...
        """,
        rules=("mount-function",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="remote-path-object-of-a-file",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
            from pathlib import PurePosixPath

            @app.function(image=image, mounts=[modal.Mount.from_local_file("a.txt", PurePosixPath("/etc/a.txt"))])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
            from pathlib import PurePosixPath

            @app.function(image=image.add_local_file("a.txt", str(PurePosixPath("/etc/a.txt"))))
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="remote-path-in-a-name",
        before="""
            import modal

            app = modal.App("a")
            REMOTE = "/in"
            SUB = "sub"
            image = modal.Image.debian_slim()

            @app.function(
                image=image,
                mounts=[
                    modal.Mount.from_local_dir("in", remote_path=REMOTE),
                    modal.Mount.from_local_dir("x", remote_path=SUB),
                    modal.Mount.from_local_dir("y", remote_path=f"{REMOTE}/y"),
                ],
            )
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            REMOTE = "/in"
            SUB = "sub"
            image = (
                modal.Image.debian_slim()
                .add_local_dir("in", remote_path=REMOTE)
                .add_local_dir("x", remote_path="/" + SUB)
                .add_local_dir("y", remote_path=f"{REMOTE}/y")
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="remote-path-known-only-when-it-runs",
        before="""
            import modal

            app = modal.App("a")
            import os

            WHERE = os.environ.get("WHERE", "/data")
            image = modal.Image.debian_slim()

            @app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path=WHERE)])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            import os

            WHERE = os.environ.get("WHERE", "/data")
            image = modal.Image.debian_slim().add_local_dir("data", remote_path=WHERE)

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="trailing-slash-was-the-file-itself",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(
                image=image,
                mounts=[
                    modal.Mount.from_local_file("y.txt", "/root/sub/"),
                    modal.Mount.from_local_file("z.txt", remote_path="sub/"),
                ],
            )
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .add_local_file("y.txt", "/root/sub")
                .add_local_file("z.txt", remote_path="/sub")
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="trailing-slash-as-it-was-meant",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image, mounts=[modal.Mount.from_local_file("y.txt", "/root/sub/")])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_file("y.txt", "/root/sub/")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
        applicability=Applicability.REVIEW,
        choice="inside",
    ),
    Case(
        id="recursive",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(
                image=image,
                mounts=[
                    modal.Mount.from_local_dir("a", remote_path="/a", recursive=False),
                    modal.Mount.from_local_dir("b", remote_path="/b", recursive=True),
                ],
            )
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .add_local_dir("a", remote_path="/a", ignore=["*/**"])
                .add_local_dir("b", remote_path="/b")
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="condition-by-suffix",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(
                image=image,
                mounts=[
                    modal.Mount.from_local_dir("a", remote_path="/a", condition=lambda p: p.endswith(".py")),
                    modal.Mount.from_local_dir("b", condition=lambda p: not p.endswith((".md", ".txt"))),
                    modal.Mount.from_local_dir("c", remote_path="/c", condition=lambda p: "node_modules" not in p),
                    modal.Mount.from_local_dir("d", remote_path="/d", condition=None),
                ],
            )
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .add_local_dir("a", remote_path="/a", ignore=lambda p: not str(p).endswith(".py"))
                .add_local_dir("b", "/b", ignore=lambda p: str(p).endswith((".md", ".txt")))
                .add_local_dir("c", remote_path="/c", ignore=lambda p: "node_modules" in str(p))
                .add_local_dir("d", remote_path="/d")
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="condition-by-a-function",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            def is_source(path):
                return path.endswith(".py") or "Makefile" in path

            @app.function(image=image, mounts=[modal.Mount.from_local_dir("a", remote_path="/a", condition=is_source)])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            def is_source(path):
                return path.endswith(".py") or "Makefile" in path

            @app.function(
                image=image.add_local_dir("a", remote_path="/a", ignore=lambda path: not is_source(str(path)))
            )
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="condition-on-the-whole-path",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(
                image=image,
                mounts=[
                    modal.Mount.from_local_dir("a", condition=lambda path: "/src/" in path and len(path) < 9),
                ],
            )
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_dir(
                "a", "/a", ignore=lambda path: not ("/src/" in str(path) and len(str(path)) < 9)
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="condition-and-not-recursive",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(
                image=image,
                mounts=[
                    modal.Mount.from_local_dir("a", condition=lambda p: p.endswith(".py"), recursive=False),
                ],
            )
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .add_local_dir("a", "/a", ignore=lambda p: len(p.parts) > 1 or not str(p).endswith(".py"))
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="packages-of-python-only",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("pkg", "single")])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("pkg", "single")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
        files=PACKAGE,
    ),
    Case(
        id="packages-with-data",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("pkg")])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source(
                "pkg", ignore=["**/*.pyc", "**/__pycache__/**", "**/.*", "**/.*/**"]
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
        applicability=Applicability.REVIEW,
        files=PACKAGE_WITH_DATA,
    ),
    Case(
        id="packages-with-data-only-python",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("pkg")])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("pkg")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
        applicability=Applicability.REVIEW,
        choice="only-python",
        files=PACKAGE_WITH_DATA,
    ),
    Case(
        id="packages-with-their-own-filter",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(
                image=image,
                mounts=[
                    modal.Mount.from_local_python_packages("pkg", ignore=["*.json"]),
                    modal.Mount.from_local_python_packages("single", condition=lambda p: p.endswith(".py")),
                ],
            )
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .add_local_python_source("pkg", ignore=["*.json"])
                .add_local_python_source("single", ignore=lambda p: not str(p).endswith(".py"))
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
        files=PACKAGE_WITH_DATA,
    ),
    Case(
        id="packages-not-in-sight",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("nope")])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source(
                "nope", ignore=["**/*.pyc", "**/__pycache__/**", "**/.*", "**/.*/**"]
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="packages-in-a-list",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image, mounts=[modal.Mount.from_local_python_packages(["pkg", "single"])])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("pkg", "single")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
        files=PACKAGE,
    ),
    Case(
        id="packages-elsewhere",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(
                image=image,
                mounts=[
                    modal.Mount.from_local_python_packages("pkg", "single", remote_dir="/opt"),
                ],
            )
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .add_local_dir(
                    "pkg", "/opt/pkg", ignore=["**/*.pyc", "**/__pycache__/**", "**/.*", "**/.*/**"]
                )
                .add_local_file("single.py", "/opt/single.py")
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
        applicability=Applicability.REVIEW,
        files=PACKAGE,
    ),
    Case(
        id="packages-at-root-said",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image, mounts=[modal.Mount.from_local_python_packages("pkg", remote_dir="/root")])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("pkg")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
        files=PACKAGE,
    ),
    Case(
        id="mount-in-a-variable",
        before="""
            import modal
            from modal import Mount

            app = modal.App("a")
            image = modal.Image.debian_slim()
            data = Mount.from_local_dir("data")
            data = data.add_local_file("config.yaml")

            @app.function(image=image, mounts=[data])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .add_local_dir("data", "/data")
                .add_local_file("config.yaml", "/config.yaml")
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="list-in-a-variable",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
            data = modal.Mount.from_local_dir("data")
            both = [data, modal.Mount.from_local_file("a.txt")]

            @app.function(image=image, mounts=both)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .add_local_dir("data", "/data")
                .add_local_file("a.txt", "/a.txt")
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="lists-concatenated",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
            some = [modal.Mount.from_local_dir("a")]
            more = [modal.Mount.from_local_dir("b")]

            @app.function(image=image, mounts=some + [*more, modal.Mount.from_local_dir("c")])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .add_local_dir("a", "/a")
                .add_local_dir("b", "/b")
                .add_local_dir("c", "/c")
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="mount-shared-by-functions",
        before="""
            import modal

            app = modal.App("a")
            data = modal.Mount.from_local_dir("data")

            @app.function(mounts=[data])
            def f(): ...

            @app.function(mounts=[data])
            def g(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(image=modal.Image.debian_slim().add_local_dir("data", "/data"))
            def f(): ...

            @app.function(image=modal.Image.debian_slim().add_local_dir("data", "/data"))
            def g(): ...
        """,
        rules=("mount-function",) * 2,
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="empty-list",
        before="""
            import modal

            app = modal.App("a")

            @app.function(mounts=[], timeout=60)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(timeout=60)
            def f(): ...
        """,
        rules=("mount-function",),
        proof=Proof(old_before=Sdk.ACCEPTS, why="0.77.0 is silent about an empty list"),
    ),
    Case(
        id="stub-and-call-form",
        before="""
            from modal import Image, Mount, Stub

            stub = Stub("a")

            def f(): ...

            g = stub.function(image=Image.debian_slim(), mounts=[Mount.from_local_dir("data", remote_path="/data")])(f)
        """,
        after="""
            from modal import Image, Stub

            stub = Stub("a")

            def f(): ...

            g = stub.function(image=Image.debian_slim().add_local_dir("data", remote_path="/data"))(f)
        """,
        rules=("mount-function",),
        proof=Proof(new_after=Sdk.FAILS, old_after=Sdk.WARNS, why="Stub warns, and is gone on 1.x"),
    ),
    Case(
        id="mount-module",
        before="""
            import modal
            import modal.mount

            app = modal.App("a")

            @app.function(mounts=[modal.mount.Mount.from_local_file("a.txt", "/a.txt")])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(image=modal.Image.debian_slim().add_local_file("a.txt", "/a.txt"))
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="app-with-default-image",
        before="""
            import modal

            app = modal.App("a", mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])

            @app.function()
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App(
                "a", image=modal.Image.debian_slim().add_local_dir("data", remote_path="/data")
            )

            @app.function()
            def f(): ...
        """,
        rules=("mount-app",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="app-with-an-image",
        before="""
            import modal

            image = modal.Image.debian_slim().pip_install("numpy")
            app = modal.App("a", image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])

            @app.function()
            def f(): ...

            @app.function(image=image)
            def g(): ...
        """,
        after="""
            import modal

            image = modal.Image.debian_slim().pip_install("numpy").add_local_dir("data", remote_path="/data")
            app = modal.App("a", image=image)

            @app.function()
            def f(): ...

            @app.function(image=image)
            def g(): ...
        """,
        rules=("mount-app",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="app-with-functions-that-have-images",
        before="""
            import modal

            base = modal.Image.debian_slim()
            app = modal.App("a", image=base, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])

            @app.function()
            def f(): ...

            @app.cls(image=base.pip_install("numpy"))
            class C: ...
        """,
        after="""
            import modal

            base = modal.Image.debian_slim()
            app = modal.App("a", image=base.add_local_dir("data", remote_path="/data"))

            @app.function()
            def f(): ...

            @app.cls(image=base.pip_install("numpy").add_local_dir("data", remote_path="/data"))
            class C: ...
        """,
        rules=("mount-app",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="file-that-the-image-has-as-source-already",
        before="""
            import modal
            import config

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("config")

            @app.function(image=image, mounts=[modal.Mount.from_local_file("config.py", remote_path="/root/config.py")])
            def f(): ...

            @app.function(image=image, mounts=[modal.Mount.from_local_file("config.py", remote_path="/root/other.py")])
            def g(): ...
        """,
        after="""
            import modal
            import config

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_python_source("config")

            @app.function(image=image)
            def f(): ...

            @app.function(image=image.add_local_file("config.py", remote_path="/root/other.py"))
            def g(): ...
        """,
        rules=("mount-function",) * 2,
        files={"config.py": ""},
    ),
    Case(
        id="app-with-an-image-beside-it-that-functions-in-other-files-have",
        before="""
            import modal

            DATA = "data"
            app = modal.App("a", mounts=[modal.Mount.from_local_dir(DATA, remote_path="/root")])
            image = modal.Image.debian_slim()
            other = modal.Image.debian_slim()
        """,
        after="""
            import modal

            DATA = "data"
            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_dir(DATA, remote_path="/root", copy=True)
            other = modal.Image.debian_slim().add_local_dir(DATA, remote_path="/root")
        """,
        rules=("mount-app",),
        applicability=Applicability.REVIEW,
        files={
            "tasks.py": """
                import modal

                from main import app, image, other

                @app.cls(image=image)
                class Model:
                    @modal.build()
                    @modal.enter()
                    def load(self): ...

                @app.function(image=other)
                def f(): ...
            """,
        },
    ),
    Case(
        id="app-with-functions-in-another-file",
        before="""
            import modal

            app = modal.App("a", mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])
        """,
        after="""
            import modal

            app = modal.App("a")
        """,
        rules=("mount-app",),
        applicability=Applicability.REVIEW,
        files={
            "tasks.py": """
                import modal

                from main import app

                image = modal.Image.debian_slim()

                @app.function(image=image)
                def f(): ...
            """,
        },
        files_after={
            "tasks.py": """
                import modal

                from main import app

                image = modal.Image.debian_slim()

                @app.function(image=image.add_local_dir("data", remote_path="/data"))
                def f(): ...
            """,
        },
    ),
    Case(
        id="sandbox-with-an-image",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            def f():
                app = modal.App.lookup("s", create_if_missing=True)
                modal.Sandbox.create("bash", image=image, mounts=[modal.Mount.from_local_dir("data")], app=app)
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            def f():
                app = modal.App.lookup("s", create_if_missing=True)
                modal.Sandbox.create("bash", image=image.add_local_dir("data", "/data"), app=app)
        """,
        rules=("mount-sandbox",),
        proof=Proof(calls=True),
    ),
    Case(
        id="sandbox-in-a-method",
        before="""
            import modal

            app = modal.App("a")

            class Runner:
                def __init__(self, image):
                    self.image = image

                async def run(self):
                    await modal.Sandbox.create.aio(image=self.image, mounts=[modal.Mount.from_local_file("a", "/a")])
        """,
        after="""
            import modal

            app = modal.App("a")

            class Runner:
                def __init__(self, image):
                    self.image = image

                async def run(self):
                    await modal.Sandbox.create.aio(image=self.image.add_local_file("a", "/a"))
        """,
        rules=("mount-sandbox",),
        proof=Proof(old_before=Sdk.ACCEPTS, new_before=Sdk.ACCEPTS, why="nothing of it runs when the file is imported"),
    ),
    Case(
        id="sandbox-without-an-image",
        before="""
            import modal

            app = modal.App("a")

            def f():
                app = modal.App.lookup("s", create_if_missing=True)
                return modal.Sandbox.create(
                    "bash",
                    mounts=[
                        modal.Mount.from_local_dir("data", remote_path="/data"),
                    ],
                    app=app,
                )
        """,
        after="""
            import modal

            app = modal.App("a")

            def f():
                app = modal.App.lookup("s", create_if_missing=True)
                return modal.Sandbox.create(
                    "bash",
                    image=modal.Image.debian_slim().add_local_dir("data", remote_path="/data"),
                    app=app,
                )
        """,
        rules=("mount-sandbox",),
        proof=Proof(calls=True),
    ),
    Case(
        id="spawned-sandbox",
        before="""
            import modal

            base = modal.Image.debian_slim()
            app = modal.App("a", image=base)

            def f():
                return app.spawn_sandbox("bash", mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])
        """,
        after="""
            import modal

            base = modal.Image.debian_slim()
            app = modal.App("a", image=base)

            def f():
                return app.spawn_sandbox("bash", image=base.add_local_dir("data", remote_path="/data"))
        """,
        rules=("mount-sandbox",),
        applicability=Applicability.REVIEW,
        proof=Proof(old_before=Sdk.ACCEPTS, new_before=Sdk.ACCEPTS, why="nothing of it runs when the file is imported"),
    ),
    Case(
        id="run-function",
        before="""
            import modal

            app = modal.App("a")

            def fetch(): ...

            image = (
                modal.Image.debian_slim()
                .pip_install("numpy")
                .run_function(fetch, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")], timeout=60)
            )
        """,
        after="""
            import modal

            app = modal.App("a")

            def fetch(): ...

            image = (
                modal.Image.debian_slim()
                .pip_install("numpy")
                .add_local_dir("data", remote_path="/data", copy=True)
                .run_function(fetch, timeout=60)
            )
        """,
        rules=("mount-run-function",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="copy-mount",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().copy_mount(modal.Mount.from_local_dir("d").add_local_file("a"))
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_dir("d", "/d", copy=True).add_local_file("a", "/a", copy=True)
        """,
        rules=("mount-copy",),
    ),
    Case(
        id="copy-mount-into-a-folder",
        before="""
            import modal

            app = modal.App("a")
            static = modal.Mount.from_local_dir("static", remote_path="/")
            image = (
                modal.Image.debian_slim()
                .copy_mount(static, "/static")
                .workdir("/app")
                .copy_mount(modal.Mount.from_local_file("a.txt"), remote_path="etc")
                .run_commands("ls")
            )
        """,
        after="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .add_local_dir("static", remote_path="/static", copy=True)
                .workdir("/app")
                .add_local_file("a.txt", "/app/etc/a.txt", copy=True)
                .run_commands("ls")
            )
        """,
        rules=("mount-copy",) * 2,
    ),
    Case(
        id="copy-mount-of-a-registry-image",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.from_registry("x/y").copy_mount(modal.Mount.from_local_dir("data"))
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.from_registry("x/y").add_local_dir("data", "/data", copy=True)
        """,
        rules=("mount-copy",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="no-context",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().dockerfile_commands("RUN ls", context_mount=None)
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().dockerfile_commands("RUN ls")
        """,
        rules=("mount-context",),
        proof=Proof(old_before=Sdk.ACCEPTS, why="0.77.0 is silent about None"),
    ),
    Case(
        id="context-by-position",
        before="""
            import modal

            image = modal.Image.from_dockerfile("Dockerfile", modal.Mount.from_local_dir("docker", remote_path="/"))
        """,
        after="""
            import modal

            image = modal.Image.from_dockerfile("Dockerfile", context_dir="docker")
        """,
        rules=("mount-context",),
        applicability=Applicability.REVIEW,
        files={"Dockerfile": "FROM python:3.11", "docker/x.txt": ""},
        proof=Proof(old_before=Sdk.FAILS, why="0.72 took it by position, 0.77 does not"),
    ),
    Case(
        id="context-is-a-folder",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().dockerfile_commands(
                "COPY x.txt /x.txt",
                context_mount=modal.Mount.from_local_dir("docker", remote_path="/"),
            )
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().dockerfile_commands(
                "COPY x.txt /x.txt",
                context_dir="docker",
            )
        """,
        rules=("mount-context",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="context-is-where-it-is",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().dockerfile_commands(
                "COPY x.txt /x.txt",
                context_mount=modal.Mount.from_local_file("x.txt"),
            )
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().dockerfile_commands("COPY x.txt /x.txt")
        """,
        rules=("mount-context",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="context-with-other-names",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().dockerfile_commands(
                "COPY y.txt /y.txt",
                context_mount=modal.Mount.from_local_file("x.txt", "/y.txt"),
            )
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().dockerfile_commands("COPY y.txt /y.txt")
        """,
        rules=("mount-context",),
        applicability=Applicability.REVIEW,
    ),
    *(
        Case(
            id=f"by-its-class-{id}",
            before=MOUNTED.format(f"mounts=[modal.Mount({before})]"),
            after=MOUNTED.format(f"\n    image={after}\n"),
            rules=("mount-function",),
            applicability=Applicability.REVIEW,
            proof=BY_CLASS,
        )
        for id, before, after in (
            (
                "a-folder",
                'remote_dir="/data", local_dir="data"',
                'modal.Image.debian_slim().add_local_dir("data", remote_path="/data")',
            ),
            (
                "by-position",
                '"/data", local_dir="./data"',
                'modal.Image.debian_slim().add_local_dir("./data", remote_path="/data")',
            ),
            (
                "not-all-of-it",
                'local_dir="d", remote_dir="/d", recursive=False',
                "(\n        modal.Image.debian_slim()\n"
                '        .add_local_dir("d", remote_path="/d", ignore=["*/**"])\n    ),',
            ),
            (
                "a-file",
                'remote_dir="/etc/", local_file="a.txt"',
                'modal.Image.debian_slim().add_local_file("a.txt", remote_path="/etc/")',
            ),
        )
    ),
    *(
        Case(
            id=f"by-its-class-{id}",
            before=MOUNTED.format(f"mounts=[modal.Mount({given})]"),
            after=MOUNTED.format(f"mounts=[modal.Mount({given})]"),
            rules=("mount-dynamic",),
            applicability=Applicability.MANUAL,
            proof=GONE_BEFORE,
        )
        for id, given in (
            ("that-says-not-where", 'local_dir="data"'),
            ("that-says-two", '"/a", local_dir="data", local_file="b"'),
            ("in-an-unknown-folder", 'remote_dir=input(), local_file="a.txt"'),
        )
    ),
    Case(
        id="settings-in-a-dict",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
            OPTIONS = {
                "image": image,
                "mounts": [modal.Mount.from_local_dir("data", remote_path="/data")],
                "timeout": 60,
            }

            @app.function(**OPTIONS)
            def f(): ...

            @app.function(**OPTIONS)
            def g(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
            OPTIONS = {
                "image": image.add_local_dir("data", remote_path="/data"),
                "timeout": 60,
            }

            @app.function(**OPTIONS)
            def f(): ...

            @app.function(**OPTIONS)
            def g(): ...
        """,
        rules=("mount-function",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="settings-in-a-dict-of-which-the-entry-is-read",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
            OPTIONS = {"image": image, "mounts": [modal.Mount.from_local_dir("data", remote_path="/data")]}
            print(len(OPTIONS["mounts"]))

            @app.function(**OPTIONS)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
            OPTIONS = {"image": image, "mounts": [modal.Mount.from_local_dir("data", remote_path="/data")]}
            print(len(OPTIONS["mounts"]))

            @app.function(**OPTIONS)
            def f(): ...
        """,
        rules=("mount-dynamic",) * 2,
        applicability=Applicability.MANUAL,
        proof=Proof(old_after=Sdk.WARNS, new_after=Sdk.FAILS, why="nothing is rewritten"),
    ),
    Case(
        id="settings-in-a-dict-without-an-image",
        before="""
            import modal

            app = modal.App("a")
            OPTIONS = dict(mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])

            @app.function(**OPTIONS)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            OPTIONS = dict(image=modal.Image.debian_slim().add_local_dir("data", remote_path="/data"))

            @app.function(**OPTIONS)
            def f(): ...
        """,
        rules=("mount-function",),
        applicability=Applicability.REVIEW,
    ),
    *(
        Case(
            id=f"options-that-a-function-returns-{id}",
            before=f"{OPTIONS_HEAD}    return {before}\n",
            after=f"{OPTIONS_HEAD}    return {after}\n",
            rules=("mount-options",),
            applicability=Applicability.REVIEW,
            files={"user.py": "from main import app, options\n\n@app.function(**options())\ndef f(): ...\n"},
            proof=Proof(old_before=Sdk.WARNS, new_before=Sdk.FAILS, calls=True),
        )
        for id, before, after in (
            (
                "by-call",
                'dict(image=made(), retries=0, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])',
                'dict(image=made().add_local_dir("data", remote_path="/data"), retries=0)',
            ),
            (
                "as-a-display",
                '{"mounts": [modal.Mount.from_local_file("a", remote_path="/a")], "image": made()}',
                '{"image": made().add_local_file("a", remote_path="/a")}',
            ),
        )
    ),
    *(
        Case(
            id=f"options-{id}",
            before=f"{OPTIONS_HEAD}    {line}\n",
            after=f"{OPTIONS_HEAD}    {line}\n",
            rules=("mount-dynamic",),
            applicability=Applicability.MANUAL,
            proof=Proof(old_after=Sdk.WARNS, new_after=Sdk.FAILS, why="nothing is rewritten", calls=True),
        )
        for id, line in (
            (
                "whose-image-is-a-text",
                'return {"image": "i", "mounts": [modal.Mount.from_local_dir("d", remote_path="/d")]}',
            ),
            ("without-an-image", 'return {"mounts": [modal.Mount.from_local_dir("d", remote_path="/d")]}'),
            (
                "of-which-mounts-is-read",
                'found = dict(image=made(), mounts=[modal.Mount.from_local_dir("d", remote_path="/d")])\n'
                '    return found["mounts"]',
            ),
        )
    ),
    Case(
        id="relative-reads",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image, mounts=[modal.Mount.from_local_dir("data")])
            def f():
                return open("data/a.json").read()
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_dir("data", "/data")

            @app.function(image=image)
            def f():
                return open("data/a.json").read()
        """,
        rules=("mount-function",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="relative-reads-below-root",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(image=image, mounts=[modal.Mount.from_local_dir("data")])
            def f():
                return open("data/a.json").read()
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_dir("data", "/root/data")

            @app.function(image=image)
            def f():
                return open("data/a.json").read()
        """,
        rules=("mount-function",),
        applicability=Applicability.REVIEW,
        choice="workdir",
    ),
    Case(
        id="image-of-another-file",
        before="""
            from common import app, image
            from modal import Mount

            @app.function(image=image, mounts=[Mount.from_local_dir("data", remote_path="/data")])
            def f(): ...
        """,
        after="""
            from common import app, image

            @app.function(image=image.add_local_dir("data", remote_path="/data"))
            def f(): ...
        """,
        rules=("mount-function",),
        files={
            "common.py": """
                import modal

                image = modal.Image.debian_slim()
                app = modal.App("a")
            """,
        },
    ),
    Case(
        id="mount-of-another-file",
        before="""
            from common import app, data

            @app.function(mounts=[data])
            def f(): ...
        """,
        after="""
            import modal
            from common import app

            @app.function(
                image=modal.Image.debian_slim().add_local_dir("data", remote_path="/data")
            )
            def f(): ...
        """,
        rules=("mount-function",),
        files={
            "common.py": """
                import modal

                app = modal.App("a")
                data = modal.Mount.from_local_dir("data", remote_path="/data")
            """,
        },
        files_after={
            "common.py": """
                import modal

                app = modal.App("a")
            """,
        },
    ),
    Case(
        id="comments-in-the-list",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(
                image=image,
                mounts=[
                    # the corpus
                    modal.Mount.from_local_dir("data", remote_path="/data"),
                ],
                timeout=60,  # seconds
            )
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            # the corpus
            image = modal.Image.debian_slim().add_local_dir("data", remote_path="/data")

            @app.function(
                image=image,
                timeout=60,  # seconds
            )
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="unused-import",
        before="""
            from modal import App, Mount

            app = App("a")
        """,
        after="""
            from modal import App

            app = App("a")
        """,
        rules=("mount-import",),
        proof=Proof(old_before=Sdk.ACCEPTS, why="0.77.0 is silent about an import"),
    ),
    Case(
        id="unused-variable",
        before="""
            import modal

            app = modal.App("a")
            mount = modal.Mount.from_local_dir("data")
        """,
        after="""
            import modal

            app = modal.App("a")
        """,
        rules=("mount-unused",),
    ),
    Case(
        id="app-mount-above-the-package-of-the-file",
        path="bots/app.py",
        before="""
            import modal

            import shared
            from bots.shared import NAME

            app = modal.App(NAME, mounts=[shared.mount])

            @app.function()
            def f(): ...
        """,
        after="""
            import modal

            import shared
            from bots.shared import NAME

            app = modal.App(NAME, image=modal.Image.debian_slim().add_local_dir("data", "/data"))

            @app.function()
            def f(): ...
        """,
        rules=("mount-app",),
        applicability=Applicability.REVIEW,
        files={
            "bots/__init__.py": "# of the bots\n",
            "bots/shared.py": 'NAME = "a"\n',
            "shared/__init__.py": 'import modal\n\nmount = modal.Mount.from_local_dir("data")\n',
        },
        files_after={"shared/__init__.py": ""},
    ),
    Case(
        id="unused-variable-that-is-exported",
        before="""
            import modal

            data = 1
            mount = modal.Mount.from_local_dir("data")

            __all__ = ["data", "mount", "app"]
            app = modal.App("a")
        """,
        after="""
            import modal

            data = 1

            __all__ = ["data", "app"]
            app = modal.App("a")
        """,
        rules=("mount-unused",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="unused-variable-and-what-only-it-reads",
        before="""
            from consts import DATA, NAME, SHARED
            import modal

            app = modal.App(NAME)
            mount = modal.Mount.from_local_dir(DATA, remote_path=SHARED)
        """,
        after="""
            from consts import NAME, SHARED
            import modal

            app = modal.App(NAME)
        """,
        rules=("mount-unused",),
        files={
            "consts.py": 'DATA = "data"\nNAME = "a"\nSHARED = "/data"\n',
            "other.py": "from main import SHARED\n\nprint(SHARED)\n",
        },
    ),
    Case(
        id="by-hand-singular",
        before="""
            import modal

            app = modal.App("a")

            @app.function(mount=modal.Mount.from_local_dir("data"))
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(mount=modal.Mount.from_local_dir("data"))
            def f(): ...
        """,
        rules=("mount-singular",),
        applicability=Applicability.MANUAL,
        proof=Proof(
            old_before=Sdk.FAILS,
            old_after=Sdk.FAILS,
            new_before=Sdk.FAILS,
            new_after=Sdk.FAILS,
            why="mount= was never a parameter",
        ),
    ),
    Case(
        id="by-hand-loop",
        before="""
            import modal

            app = modal.App("a")

            @app.function(mounts=[modal.Mount.from_local_dir(name) for name in ("a", "b")])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(mounts=[modal.Mount.from_local_dir(name) for name in ("a", "b")])
            def f(): ...
        """,
        rules=("mount-dynamic",),
        applicability=Applicability.MANUAL,
        proof=Proof(
            old_before=Sdk.WARNS,
            old_after=Sdk.WARNS,
            new_before=Sdk.FAILS,
            new_after=Sdk.FAILS,
            why="nothing is changed",
        ),
    ),
    Case(
        id="by-hand-condition",
        before="""
            import modal

            app = modal.App("a")
            import os

            data = modal.Mount.from_local_dir("data")

            @app.function(mounts=[data] if os.environ.get("DATA") else [])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            import os

            data = modal.Mount.from_local_dir("data")

            @app.function(mounts=[data] if os.environ.get("DATA") else [])
            def f(): ...
        """,
        rules=("mount-dynamic",),
        applicability=Applicability.MANUAL,
        proof=Proof(
            old_before=Sdk.WARNS,
            old_after=Sdk.WARNS,
            new_before=Sdk.FAILS,
            new_after=Sdk.FAILS,
            why="nothing is changed",
        ),
    ),
    Case(
        id="by-hand-helper",
        before="""
            import modal

            app = modal.App("a")

            def mount_of(name):
                return modal.Mount.from_local_dir(name)

            @app.function(mounts=[mount_of("a")])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            def mount_of(name):
                return modal.Mount.from_local_dir(name)

            @app.function(mounts=[mount_of("a")])
            def f(): ...
        """,
        rules=("mount-dynamic",),
        applicability=Applicability.MANUAL,
        proof=Proof(
            old_before=Sdk.WARNS,
            old_after=Sdk.WARNS,
            new_before=Sdk.FAILS,
            new_after=Sdk.FAILS,
            why="nothing is changed",
        ),
    ),
    Case(
        id="by-hand-branch",
        before="""
            import modal

            app = modal.App("a")
            import os

            data = modal.Mount.from_local_dir("a")
            if os.environ.get("B"):
                data = modal.Mount.from_local_dir("b")

            @app.function(mounts=[data])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            import os

            data = modal.Mount.from_local_dir("a")
            if os.environ.get("B"):
                data = modal.Mount.from_local_dir("b")

            @app.function(mounts=[data])
            def f(): ...
        """,
        rules=("mount-dynamic",),
        applicability=Applicability.MANUAL,
        proof=Proof(
            old_before=Sdk.WARNS,
            old_after=Sdk.WARNS,
            new_before=Sdk.FAILS,
            new_after=Sdk.FAILS,
            why="nothing is changed",
        ),
    ),
    Case(
        id="by-hand-appended-later",
        before="""
            import modal

            app = modal.App("a")

            mounts = [modal.Mount.from_local_dir("a")]
            for name in ("b", "c"):
                mounts.append(modal.Mount.from_local_dir(name))

            @app.function(mounts=mounts)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            mounts = [modal.Mount.from_local_dir("a")]
            for name in ("b", "c"):
                mounts.append(modal.Mount.from_local_dir(name))

            @app.function(mounts=mounts)
            def f(): ...
        """,
        rules=("mount-dynamic",),
        applicability=Applicability.MANUAL,
        proof=Proof(
            old_before=Sdk.WARNS,
            old_after=Sdk.WARNS,
            new_before=Sdk.FAILS,
            new_after=Sdk.FAILS,
            why="nothing is changed",
        ),
    ),
    Case(
        id="by-hand-unknown-beside-known",
        before="""
            import modal

            app = modal.App("a")

            def others(): return []

            @app.function(mounts=others() + [modal.Mount.from_local_dir("a")])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            def others(): return []

            @app.function(mounts=others() + [modal.Mount.from_local_dir("a")])
            def f(): ...
        """,
        rules=("mount-dynamic",),
        applicability=Applicability.MANUAL,
        proof=Proof(
            old_before=Sdk.WARNS,
            old_after=Sdk.WARNS,
            new_before=Sdk.FAILS,
            new_after=Sdk.FAILS,
            why="nothing is changed",
        ),
    ),
    Case(
        id="by-hand-deployed-mount",
        before="""
            import modal

            app = modal.App("a")

            @app.function(mounts=[modal.Mount.from_name("shared")])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            @app.function(mounts=[modal.Mount.from_name("shared")])
            def f(): ...
        """,
        rules=("mount-dynamic",),
        applicability=Applicability.MANUAL,
        proof=Proof(
            old_before=Sdk.ACCEPTS,
            old_after=Sdk.ACCEPTS,
            new_before=Sdk.FAILS,
            new_after=Sdk.FAILS,
            why="0.77.0 is silent about from_name",
        ),
    ),
    Case(
        id="by-hand-image-not-in-sight",
        before="""
            import modal

            app = modal.App("a")

            OPTIONS = dict(zip(["image"], [modal.Image.debian_slim()]))

            @app.function(**OPTIONS, mounts=[modal.Mount.from_local_dir("a")])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")

            OPTIONS = dict(zip(["image"], [modal.Image.debian_slim()]))

            @app.function(**OPTIONS, mounts=[modal.Mount.from_local_dir("a")])
            def f(): ...
        """,
        rules=("mount-dynamic",),
        applicability=Applicability.MANUAL,
        proof=Proof(
            old_before=Sdk.WARNS,
            old_after=Sdk.WARNS,
            new_before=Sdk.FAILS,
            new_after=Sdk.FAILS,
            why="nothing is changed",
        ),
    ),
    Case(
        id="by-hand-local-path-not-in-sight",
        before="""
            import modal

            app = modal.App("a")
            import os

            @app.function(mounts=[modal.Mount.from_local_dir(os.environ.get("WHERE", "data"))])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            import os

            @app.function(mounts=[modal.Mount.from_local_dir(os.environ.get("WHERE", "data"))])
            def f(): ...
        """,
        rules=("mount-dynamic",),
        applicability=Applicability.MANUAL,
        proof=Proof(
            old_before=Sdk.WARNS,
            old_after=Sdk.WARNS,
            new_before=Sdk.FAILS,
            new_after=Sdk.FAILS,
            why="nothing is changed",
        ),
    ),
    Case(
        id="by-hand-parameter-of-a-function",
        before="""
            import modal

            app = modal.App("a")

            def run(files: modal.Mount):
                return app.function(mounts=[files])
        """,
        after="""
            import modal

            app = modal.App("a")

            def run(files: modal.Mount):
                return app.function(mounts=[files])
        """,
        rules=("mount-dynamic",) * 2,
        applicability=Applicability.MANUAL,
        proof=Proof(
            old_before=Sdk.ACCEPTS,
            old_after=Sdk.ACCEPTS,
            new_before=Sdk.FAILS,
            new_after=Sdk.FAILS,
            why="0.77.0 is silent about names",
        ),
    ),
    Case(
        id="by-hand-import-for-another-file",
        before="""
            from modal import App, Mount

            app = App("a")
        """,
        after="""
            from modal import App, Mount

            app = App("a")
        """,
        rules=("mount-import",),
        applicability=Applicability.MANUAL,
        files={
            "other.py": """
                from main import Mount
            """,
        },
        proof=Proof(
            old_before=Sdk.ACCEPTS,
            old_after=Sdk.ACCEPTS,
            new_before=Sdk.FAILS,
            new_after=Sdk.FAILS,
            why="0.77.0 is silent about an import",
        ),
    ),
    Case(
        id="long-lines-are-broken",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().pip_install("numpy", "pandas")
            base = modal.Image.debian_slim()

            @app.function(
                image=image,
                mounts=[modal.Mount.from_local_file("configuration/of/the/application.yaml", "/etc/application.yaml")],
            )
            def f(): ...

            @app.function(
                image=base,
                mounts=[
                    modal.Mount.from_local_dir("data"),
                    modal.Mount.from_local_dir("a/rather/long/path", remote_path="/another/long/path"),
                ],
            )
            def g(): ...

            @app.function(image=base)
            def h(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .pip_install("numpy", "pandas")
                .add_local_file("configuration/of/the/application.yaml", "/etc/application.yaml")
            )
            base = modal.Image.debian_slim()

            @app.function(image=image)
            def f(): ...

            @app.function(
                image=(
                    base.add_local_dir("data", "/data")
                    .add_local_dir("a/rather/long/path", remote_path="/another/long/path")
                ),
            )
            def g(): ...

            @app.function(image=base)
            def h(): ...
        """,
        rules=("mount-function",) * 2,
    ),
    Case(
        id="app-with-an-image-and-a-function-with-another-unseen-one",
        before="""
            import modal
            from elsewhere import options

            image = modal.Image.debian_slim()
            app = modal.App("a", image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])

            @app.function()
            def f(): ...

            @app.function(**options())
            def g(): ...
        """,
        after="""
            import modal
            from elsewhere import options

            image = modal.Image.debian_slim().add_local_dir("data", remote_path="/data")
            app = modal.App("a", image=image)

            @app.function()
            def f(): ...

            @app.function(**options())
            def g(): ...
        """,
        rules=("mount-app",),
        applicability=Applicability.REVIEW,
        proof=Proof(None, None, None, None, "the module that makes the options is not there"),
    ),
    Case(
        id="app-that-is-a-parameter",
        before="""
            import modal

            def f(): ...

            def add(app, image):
                app.function(image=image, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])(f)

            add(modal.App("a"), modal.Image.debian_slim())
        """,
        after="""
            import modal

            def f(): ...

            def add(app, image):
                app.function(image=image.add_local_dir("data", remote_path="/data"))(f)

            add(modal.App("a"), modal.Image.debian_slim())
        """,
        rules=("mount-function",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="image-that-is-a-parameter",
        before="""
            import modal

            def with_data(image):
                return image.copy_mount(modal.Mount.from_local_dir("data", remote_path="/data"))

            def step(): ...

            def with_step(image):
                return image.run_function(step, mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])

            with_step(with_data(modal.Image.debian_slim()))
        """,
        after="""
            import modal

            def with_data(image):
                return image.add_local_dir("data", remote_path="/data", copy=True)

            def step(): ...

            def with_step(image):
                return image.add_local_dir("data", remote_path="/data", copy=True).run_function(step)

            with_step(with_data(modal.Image.debian_slim()))
        """,
        rules=("mount-copy", "mount-run-function"),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="app-that-is-a-parameter-without-an-image",
        before="""
            import modal

            def add(app):
                @app.function(mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])
                def f(): ...
        """,
        after="""
            import modal

            def add(app):
                @app.function(mounts=[modal.Mount.from_local_dir("data", remote_path="/data")])
                def f(): ...
        """,
        rules=("mount-dynamic",),
        applicability=Applicability.MANUAL,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, "nothing calls the function"),
    ),
    Case(
        id="comments-go-with-the-variable",
        before="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .pip_install("x")
            )

            # The corpus,
            # which is large.
            corpus = modal.Mount.from_local_dir("data", remote_path="/data")

            @app.function(image=image, mounts=[corpus])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .pip_install("x")
                # The corpus,
                # which is large.
                .add_local_dir("data", remote_path="/data")
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="comments-go-with-a-variable-of-another-file",
        before="""
            import modal

            from common import both, image

            app = modal.App("a")

            @app.function(image=image, mounts=both)
            def f(): ...
        """,
        after="""
            import modal

            from common import image

            app = modal.App("a")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
        files={
            "common.py": """
                import modal

                # The corpus,
                # which is large.
                corpus = modal.Mount.from_local_dir("data", remote_path="/data")  # noqa: E501

                both = [
                    corpus,
                    modal.Mount.from_local_file("b", "/b"),  # by hand
                ]  # what is read

                # Small.
                image = modal.Image.debian_slim().pip_install("a")
            """
        },
        files_after={
            "common.py": """
                import modal

                # Small.
                # by hand
                # what is read
                # The corpus,
                # which is large.
                image = (
                    modal.Image.debian_slim()
                    .pip_install("a")
                    .add_local_dir("data", remote_path="/data")
                    .add_local_file("b", "/b")
                )
            """
        },
    ),
    Case(
        id="comments-above-more-than-the-variable-stay",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            # Where things are.
            corpus = modal.Mount.from_local_dir("data", remote_path="/data")
            NAMES = "names.txt"

            @app.function(image=image, mounts=[corpus])
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_dir("data", remote_path="/data")

            # Where things are.
            NAMES = "names.txt"

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
    ),
    Case(
        id="an-app-of-a-module-that-is-known-as-a-whole",
        before="""
            from modal import Mount

            import config
            from config import app

            @app.function(mounts=[Mount.from_local_dir(config.ASSETS, remote_path="/assets")])
            def f():
                image = 1
        """,
        after="""
            import config
            from config import app

            @app.function(image=config.image.add_local_dir(config.ASSETS, remote_path="/assets"))
            def f():
                image = 1
        """,
        rules=("mount-function",),
        files={
            "config.py": """
                import modal

                ASSETS = "assets"
                image = modal.Image.debian_slim()
                app = modal.App("a", image=image)
            """
        },
    ),
    Case(
        id="names-that-the-file-of-the-app-does-not-have",
        before="""
            from modal import Mount

            from config import app

            HERE = "assets"

            @app.function(mounts=[Mount.from_local_dir(HERE, remote_path="/assets")])
            def f():
                image = 1
        """,
        after="""
            from modal import Mount

            from config import app

            HERE = "assets"

            @app.function(mounts=[Mount.from_local_dir(HERE, remote_path="/assets")])
            def f():
                image = 1
        """,
        rules=("mount-dynamic",),
        applicability=Applicability.MANUAL,
        files={
            "config.py": """
                import modal

                image = modal.Image.debian_slim()
                app = modal.App("a", image=image)
            """
        },
        proof=Proof(Sdk.WARNS, Sdk.WARNS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten"),
    ),
    Case(
        id="a-comment-of-a-mount-of-several-images",
        before="""
            import modal

            app = modal.App("a")
            one = modal.Image.debian_slim()
            two = modal.Image.debian_slim("3.12")

            # the prompts, never the secrets
            prompts = modal.Mount.from_local_dir("prompts", remote_path="/prompts")

            @app.function(image=one, mounts=[prompts])
            def f(): ...

            @app.function(image=two, mounts=[prompts])
            def g(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            # the prompts, never the secrets
            one = modal.Image.debian_slim().add_local_dir("prompts", remote_path="/prompts")
            two = modal.Image.debian_slim("3.12").add_local_dir("prompts", remote_path="/prompts")

            @app.function(image=one)
            def f(): ...

            @app.function(image=two)
            def g(): ...
        """,
        rules=("mount-function", "mount-function"),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="an-import-of-a-file-whose-importer-is-imported-as-a-whole",
        before="from modal import App, Mount\n\napp = App('a')\n",
        after="from modal import App\n\napp = App('a')\n",
        rules=("mount-import",),
        files={
            "operators.py": "from main import app\n",
            "other.py": "from operators import *\nfrom modal import Mount\n\nm = Mount.from_local_dir('a')\n",
        },
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 has the name"),
    ),
    Case(
        id="an-image-and-its-mounts-in-another-file",
        before="""
            import modal
            from images import image, mounts

            app = modal.App("a")

            @app.function(image=image, mounts=mounts)
            def f(): ...
        """,
        after="""
            import modal
            from images import image

            app = modal.App("a")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("mount-function",),
        files={
            "images.py": """
                import modal

                image = modal.Image.debian_slim()
                mounts = [modal.Mount.from_local_dir("a", remote_path="/a")]
            """
        },
        files_after={
            "images.py": """
                import modal

                image = modal.Image.debian_slim().add_local_dir("a", remote_path="/a")
            """
        },
    ),
    Case(
        id="an-image-in-another-file-that-others-use-without-mounts",
        before="""
            import modal
            from images import image, mounts

            app = modal.App("a")

            @app.function(image=image, mounts=mounts)
            def f(): ...

            @app.function(image=image)
            def g(): ...
        """,
        after="""
            import modal
            from images import image

            app = modal.App("a")

            @app.function(image=image.add_local_dir("a", remote_path="/a"))
            def f(): ...

            @app.function(image=image)
            def g(): ...
        """,
        rules=("mount-function",),
        files={
            "images.py": """
                import modal

                image = modal.Image.debian_slim()
                mounts = [modal.Mount.from_local_dir("a", remote_path="/a")]
            """
        },
        files_after={
            "images.py": """
                import modal

                image = modal.Image.debian_slim()
            """
        },
    ),
]

NEAR_MISSES = [
    NearMiss(
        id="mounts-of-something-else",
        code="""
            import docker
            import modal

            image = modal.Image.debian_slim()

            def run(client):
                client.containers.create("x", image=image, mounts=[docker.types.Mount("/data", "data")])
        """,
    ),
    NearMiss(
        id="mounts-of-another-library",
        code="""
            import modal
            import docker

            client = docker.from_env()
            client.containers.run("image", mounts=[docker.types.Mount("/a", "/b")])
        """,
    ),
    NearMiss(
        id="own-class-called-mount",
        code="""
            import modal

            class Mount:
                @staticmethod
                def from_local_dir(path): ...

            data = Mount.from_local_dir("data")
        """,
    ),
    NearMiss(
        id="own-function-with-mounts",
        code="""
            import modal

            def function(**options): return lambda f: f

            @function(mounts=[])
            def f(): ...
        """,
    ),
    NearMiss(
        id="app-of-another-framework",
        code="""
            from starlette.routing import Mount
            from fastapi import FastAPI

            app = FastAPI(routes=[Mount("/static")])
            app.mount("/files", object())
        """,
    ),
    NearMiss(
        id="cloud-bucket-mount",
        code="""
            import modal

            app = modal.App("a")
            bucket = modal.CloudBucketMount("bucket")

            @app.function(volumes={"/bucket": bucket})
            def f(): ...
        """,
    ),
    NearMiss(
        id="volumes-stay",
        code="""
            import modal

            app = modal.App("a")

            @app.function(volumes={"/data": modal.Volume.from_name("data")})
            def f(): ...
        """,
    ),
    NearMiss(
        id="files-on-the-image-already",
        code="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_dir("data", "/data")

            @app.function(image=image.add_local_file("a.txt", "/a.txt"))
            def f(): ...
        """,
    ),
    NearMiss(
        id="volume-with-methods-of-the-same-name",
        code="""
            import modal

            volume = modal.Volume.from_name("v")
            with volume.batch_upload() as batch:
                batch.put_directory("data", "/data")
        """,
    ),
    NearMiss(
        id="network-file-system",
        code="""
            import modal

            share = modal.NetworkFileSystem.from_name("share")
            share.add_local_dir("data", "/data")
        """,
    ),
    NearMiss(
        id="word-in-a-string-and-a-comment",
        code="""
            import modal

            # mounts=[modal.Mount.from_local_dir("data")] was the old way
            TEXT = "mounts=[modal.Mount.from_local_dir('data')]"
        """,
    ),
    NearMiss(
        id="method-called-copy-mount",
        code="""
            import modal

            class Disk:
                def copy_mount(self, other): ...

            Disk().copy_mount(Disk())
        """,
    ),
    NearMiss(
        id="sandbox-of-another-package",
        code="""
            import modal
            from e2b import Sandbox

            Sandbox.create("x", mounts=[])
        """,
    ),
    NearMiss(
        id="context-of-another-package",
        code="""
            import modal

            class Image:
                @staticmethod
                def from_dockerfile(path, context_mount=None): ...

            Image.from_dockerfile("Dockerfile", context_mount=None)
        """,
    ),
    NearMiss(
        id="dict-with-the-key-mounts",
        code="""
            import modal

            config = {"mounts": ["/a", "/b"], "image": "x"}
            print(config["mounts"])
        """,
    ),
    NearMiss(
        id="parameter-called-mounts",
        code="""
            import modal

            def deploy(app, mounts=()):
                for mount in mounts:
                    print(mount)
        """,
    ),
    NearMiss(
        id="mount-in-an-annotation-of-another-type",
        code="""
            import modal
            from disks import Mount

            def use(mount: Mount) -> None: ...
        """,
    ),
    NearMiss(
        id="app-passed-in",
        code="""
            def deploy(app):
                return app.function(mounts=[])
        """,
    ),
    NearMiss(
        id="mount-imported-from-a-local-file",
        code="""
            import modal
            from mounts import Mount

            data = Mount.from_local_dir("data")
        """,
        files={"mounts.py": "class Mount:\n    @staticmethod\n    def from_local_dir(path): ...\n"},
    ),
    NearMiss(
        id="modal-of-another-kind",
        code="""
            from dialogs import modal

            modal.Mount.from_local_dir("data")
        """,
    ),
    NearMiss(
        id="run-function-without-mounts",
        code="""
            import modal

            def fetch(): ...

            image = modal.Image.debian_slim().run_function(fetch).dockerfile_commands("RUN ls", context_dir=".")
        """,
    ),
]
