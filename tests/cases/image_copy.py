"""Cases of the section ``image-copy``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

REVIEW = Applicability.REVIEW

SAID = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="only what is said of the code changes")

CASES = [
    Case(
        id="dir-at-an-absolute-path",
        before="""
            import modal

            image = modal.Image.debian_slim().copy_local_dir("data", "/data")
        """,
        after="""
            import modal

            image = modal.Image.debian_slim().add_local_dir("data", "/data", copy=True)
        """,
        rules=("image-copy",),
    ),
    Case(
        id="file-at-an-absolute-path-in-a-chain",
        before="""
            from modal import Image as I

            image = (
                I.debian_slim()
                # the service
                .copy_local_file("a.service", "/etc/systemd/system/a.service")  # its unit
                .pip_install("ollama")
            )
        """,
        after="""
            from modal import Image as I

            image = (
                I.debian_slim()
                # the service
                .add_local_file("a.service", "/etc/systemd/system/a.service", copy=True)  # its unit
                .pip_install("ollama")
            )
        """,
        rules=("image-copy",),
    ),
    Case(
        id="keywords-and-ignore-one-a-line",
        before="""
            import modal

            image = modal.Image.debian_slim().copy_local_dir(
                local_path="data",
                remote_path="/data",
                ignore=["*.pyc"],  # no caches
            )
        """,
        after="""
            import modal

            image = modal.Image.debian_slim().add_local_dir(
                local_path="data",
                remote_path="/data",
                ignore=["*.pyc"],  # no caches
                copy=True,
            )
        """,
        rules=("image-copy",),
    ),
    Case(
        id="ignore-by-position-gets-its-name",
        before="""
            import modal

            image = modal.Image.debian_slim().copy_local_dir("data", "/data", ["*.pyc"])
        """,
        after="""
            import modal

            image = modal.Image.debian_slim().add_local_dir("data", "/data", ignore=["*.pyc"], copy=True)
        """,
        rules=("image-copy",),
    ),
    Case(
        id="ignore-that-may-read-whole-paths",
        before="""
            import modal

            image = modal.Image.debian_slim().copy_local_dir("data", "/data", ignore=lambda path: "/old/" in str(path))
        """,
        after="""
            import modal

            image = modal.Image.debian_slim().add_local_dir("data", "/data", ignore=lambda path: "/old/" in str(path), copy=True)
        """,  # noqa: E501
        rules=("image-copy",),
        applicability=Applicability.REVIEW,
    ),
    Case(
        id="no-layer-when-nothing-is-built-on-it",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().copy_local_dir("data", "/data")

            @app.function(image=image)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_dir("data", "/data")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("image-copy",),
        applicability=REVIEW,
        choice="mount",
    ),
    Case(
        id="a-layer-when-the-variable-is-built-on",
        before="""
            import modal

            base = modal.Image.debian_slim().copy_local_dir("data", "/data")
            image = base.pip_install("polars")
        """,
        after="""
            import modal

            base = modal.Image.debian_slim().add_local_dir("data", "/data", copy=True)
            image = base.pip_install("polars")
        """,
        rules=("image-copy",),
        choice="mount",
    ),
    Case(
        id="two-in-a-chain",
        before="""
            import modal

            image = (
                modal.Image.debian_slim()
                .copy_local_dir("a", "/a")
                .copy_local_file("b.txt", "/b/")
            )
        """,
        after="""
            import modal

            image = (
                modal.Image.debian_slim()
                .add_local_dir("a", "/a", copy=True)
                .add_local_file("b.txt", "/b/", copy=True)
            )
        """,
        rules=("image-copy", "image-copy"),
    ),
    Case(
        id="no-remote-path-means-the-build-s-folder",
        before="""
            import modal

            image = (
                modal.Image.debian_slim()
                .copy_local_file("conf/a.txt")
                .copy_local_dir("data")
            )
        """,
        after="""
            import modal

            image = (
                modal.Image.debian_slim()
                .add_local_file("conf/a.txt", "/a.txt", copy=True)
                .add_local_dir("data", "/", copy=True)
            )
        """,
        rules=("image-copy-relative", "image-copy-relative"),
    ),
    Case(
        id="no-remote-path-beside-keywords",
        before="""
            import modal

            image = modal.Image.debian_slim().copy_local_dir("data", ignore=["*.pyc"])
        """,
        after="""
            import modal

            image = modal.Image.debian_slim().add_local_dir("data", ignore=["*.pyc"], remote_path="/", copy=True)
        """,
        rules=("image-copy-relative",),
    ),
    Case(
        id="relative-to-the-root",
        before="""
            import modal

            image = (
                modal.Image.micromamba()
                .pip_install("polars")
                .copy_local_dir("data", "./my data/")
                .run_commands("ls")
            )
        """,
        after="""
            import modal

            image = (
                modal.Image.micromamba()
                .pip_install("polars")
                .add_local_dir("data", "/my data", copy=True)
                .run_commands("ls")
            )
        """,
        rules=("image-copy-relative",),
    ),
    Case(
        id="relative-to-the-workdir-of-the-chain",
        before="""
            import modal

            base = modal.Image.debian_slim().workdir("/app")
            image = (
                base.copy_local_file("x/a.txt", ".")
                .workdir("sub")
                .copy_local_file("b.txt", "c.txt")
            )
        """,
        after="""
            import modal

            base = modal.Image.debian_slim().workdir("/app")
            image = (
                base.add_local_file("x/a.txt", "/app/a.txt", copy=True)
                .workdir("sub")
                .add_local_file("b.txt", "/app/sub/c.txt", copy=True)
            )
        """,
        rules=("image-copy-relative", "image-copy-relative"),
    ),
    Case(
        id="relative-to-a-folder-that-cannot-be-seen",
        before="""
            import modal

            image = (
                modal.Image.from_registry("nvidia/cuda:12.4.0-devel-ubuntu22.04")
                .copy_local_dir("data", "data")
            )
        """,
        after="""
            import modal

            image = (
                modal.Image.from_registry("nvidia/cuda:12.4.0-devel-ubuntu22.04")
                .add_local_dir("data", "/data", copy=True)
            )
        """,
        rules=("image-copy-workdir",),
        applicability=REVIEW,
    ),
    Case(
        id="relative-to-a-workdir-set-on-a-registry-image",
        before="""
            import modal

            image = modal.Image.from_registry("python:3.11").workdir("/app").copy_local_dir("data")
        """,
        after="""
            import modal

            image = modal.Image.from_registry("python:3.11").workdir("/app").add_local_dir("data", "/app", copy=True)
        """,
        rules=("image-copy-relative",),
    ),
    Case(
        id="image-of-another-module",
        before="""
            from lib.images import base

            image = base.copy_local_dir("data", "/data").run_commands("ls /data")
        """,
        after="""
            from lib.images import base

            image = base.add_local_dir("data", "/data", copy=True).run_commands("ls /data")
        """,
        files={
            "lib/__init__.py": "",
            "lib/images.py": """
                import modal

                base = modal.Image.debian_slim()
            """,
        },
        rules=("image-copy",),
    ),
    Case(
        id="image-of-a-function-of-another-module",
        before="""
            from images import make

            image = make().copy_local_dir("data", "data")
        """,
        after="""
            from images import make

            image = make().add_local_dir("data", "/data", copy=True)
        """,
        files={
            "images.py": """
                import modal

                def make() -> modal.Image:
                    return modal.Image.debian_slim()
            """,
        },
        rules=("image-copy-workdir",),
        applicability=REVIEW,
    ),
    Case(
        id="on-an-attribute-and-on-a-parameter",
        before="""
            import modal

            class Images:
                base = modal.Image.debian_slim()

                def build(self, image: modal.Image) -> modal.Image:
                    return image.copy_local_dir("b", "/b")

            image = Images.base.copy_local_dir("a", "/a")
            image = image.copy_local_dir("c", "/c")
        """,
        after="""
            import modal

            class Images:
                base = modal.Image.debian_slim()

                def build(self, image: modal.Image) -> modal.Image:
                    return image.add_local_dir("b", "/b", copy=True)

            image = Images.base.add_local_dir("a", "/a", copy=True)
            image = image.add_local_dir("c", "/c", copy=True)
        """,
        rules=("image-copy",) * 3,
    ),
    Case(
        id="file-into-a-folder",
        before="""
            import modal

            image = modal.Image.debian_slim().copy_local_file("a.py", "/root")
        """,
        after="""
            import modal

            image = modal.Image.debian_slim().add_local_file("a.py", "/root/", copy=True)
        """,
        rules=("image-copy-folder",),
        applicability=REVIEW,
    ),
    Case(
        id="file-that-has-no-suffix",
        before="""
            import modal

            image = modal.Image.debian_slim().copy_local_file("tool", "/usr/local/bin/my-tool")
        """,
        after="""
            import modal

            image = modal.Image.debian_slim().add_local_file("tool", "/usr/local/bin/my-tool", copy=True)
        """,
        rules=("image-copy-folder",),
        applicability=REVIEW,
    ),
    Case(
        id="file-that-keeps-its-name-is-no-folder",
        before="""
            import modal

            image = modal.Image.debian_slim().copy_local_file("../Makefile", "/app/Makefile")
        """,
        after="""
            import modal

            image = modal.Image.debian_slim().add_local_file("../Makefile", "/app/Makefile", copy=True)
        """,
        rules=("image-copy",),
    ),
    Case(
        id="path-object-of-a-file",
        before="""
            from pathlib import Path

            import modal

            image = modal.Image.debian_slim().copy_local_file("a.py", Path("/root") / "a.py")
        """,
        after="""
            from pathlib import Path

            import modal

            image = modal.Image.debian_slim().add_local_file("a.py", str(Path("/root") / "a.py"), copy=True)
        """,
        rules=("image-copy-path",),
        applicability=REVIEW,
    ),
    Case(
        id="path-object-of-a-dir",
        before="""
            from pathlib import PurePosixPath

            import modal

            image = modal.Image.debian_slim().copy_local_dir("a", remote_path=PurePosixPath("/root/a"))
        """,
        after="""
            from pathlib import PurePosixPath

            import modal

            image = modal.Image.debian_slim().add_local_dir("a", remote_path=PurePosixPath("/root/a"), copy=True)
        """,
        rules=("image-copy-path",),
        applicability=REVIEW,
    ),
    Case(
        id="path-made-at-run-time",
        before="""
            import os

            import modal

            where = os.environ.get("WHERE", "/root")
            image = (
                modal.Image.debian_slim()
                .copy_local_dir("a", where)
                .copy_local_dir("b", f"/root/{where}")
            )
        """,
        after="""
            import os

            import modal

            where = os.environ.get("WHERE", "/root")
            image = (
                modal.Image.debian_slim()
                .add_local_dir("a", where, copy=True)
                .add_local_dir("b", f"/root/{where}", copy=True)
            )
        """,
        rules=("image-copy-computed", "image-copy-computed"),
        applicability=REVIEW,
    ),
    Case(
        id="relative-path-made-at-run-time",
        before="""
            import modal

            NAME = str(1 + 1)
            image = modal.Image.debian_slim().copy_local_dir("a", f"data/{NAME}")
        """,
        after="""
            import modal

            NAME = str(1 + 1)
            image = modal.Image.debian_slim().add_local_dir("a", "/" + f"data/{NAME}", copy=True)
        """,
        rules=("image-copy-computed",),
        applicability=REVIEW,
    ),
    Case(
        id="relative-path-of-a-variable",
        before="""
            import modal

            snapshot = "./snapshot.json"
            image = modal.Image.debian_slim().copy_local_file("a.json", snapshot).run_commands("ls")
        """,
        after="""
            import modal

            snapshot = "./snapshot.json"
            image = modal.Image.debian_slim().add_local_file("a.json", "/snapshot.json", copy=True).run_commands("ls")
        """,
        rules=("image-copy-relative",),
        applicability=REVIEW,
    ),
    Case(
        id="image-of-a-module-that-is-not-there",
        before="""
            import modal
            from missing.images import base

            app = modal.App("a")
            image = base.copy_local_file("a.json", "./a.json").run_commands("ls")

            @app.function(image=image)
            def f(): ...
        """,
        after="""
            import modal
            from missing.images import base

            app = modal.App("a")
            image = base.add_local_file("a.json", "/a.json", copy=True).run_commands("ls")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("image-copy-workdir",),
        applicability=REVIEW,
        proof=Proof(None, None, None, None, "the module that makes the image is not there"),
    ),
    Case(
        id="no-layer-where-functions-run-in-it-as-it-is",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().pip_install("x").copy_local_dir("data", "/data")

            @app.function(image=image)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().pip_install("x").add_local_dir("data", "/data")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("image-copy",),
        applicability=REVIEW,
    ),
    Case(
        id="settings-move-up",
        before="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .copy_local_dir("data", "/data")
                .env({"DATA": "/data"})
                .workdir("/data")
            )

            @app.function(image=image)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = (
                modal.Image.debian_slim()
                .env({"DATA": "/data"})
                .workdir("/data")
                .add_local_dir("data", "/data")
            )

            @app.function(image=image)
            def f(): ...
        """,
        rules=("image-copy",),
        applicability=REVIEW,
    ),
    Case(
        id="a-layer-where-one-function-builds-on-it",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().copy_local_dir("data", "/data")

            @app.function(image=image)
            def f(): ...

            @app.function(image=image.pip_install("x"))
            def g(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_dir("data", "/data", copy=True)

            @app.function(image=image)
            def f(): ...

            @app.function(image=image.pip_install("x"))
            def g(): ...
        """,
        rules=("image-copy",),
    ),
    Case(
        id="settings-stay-where-steps-follow-them",
        before="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().copy_local_dir("data", "/data").env({"A": "b"}).pip_install("x")

            @app.function(image=image)
            def f(): ...
        """,
        after="""
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim().add_local_dir("data", "/data", copy=True).env({"A": "b"}).pip_install("x")

            @app.function(image=image)
            def f(): ...
        """,
        rules=("image-copy",),
    ),
    Case(
        id="sandbox-of-an-image",
        before="""
            import modal

            image = modal.Image.debian_slim().copy_local_file("run.sh", "/run.sh")

            def start(app):
                return modal.Sandbox.create(image=image, app=app)
        """,
        after="""
            import modal

            image = modal.Image.debian_slim().add_local_file("run.sh", "/run.sh")

            def start(app):
                return modal.Sandbox.create(image=image, app=app)
        """,
        rules=("image-copy",),
        applicability=REVIEW,
    ),
    Case(
        id="arguments-that-cannot-be-seen",
        before="""
            import modal

            pair = ("a", "/a")
            image = modal.Image.debian_slim().copy_local_dir(*pair)
        """,
        after="""
            import modal

            pair = ("a", "/a")
            image = modal.Image.debian_slim().copy_local_dir(*pair)
        """,
        rules=("image-copy-splat",),
        applicability=Applicability.MANUAL,
        proof=Proof(old_after=Sdk.WARNS, new_after=Sdk.FAILS, why="only a person can change it"),
    ),
    Case(
        id="said-in-comments-and-commented-out",
        before="""
            import modal
            # By `copy_local_dir`, or `image.copy_local_file("a", "/b")`.
            image = (
                modal.Image.debian_slim()
                # .copy_local_dir("a", "/b")
            )
            # image = image.copy_local_dir("a", "/b")
        """,
        after="""
            import modal
            # By `add_local_dir`, or `image.add_local_file("a", "/b", copy=True)`.
            image = (
                modal.Image.debian_slim()
                # .add_local_dir("a", "/b", copy=True)
            )
            # image = image.add_local_dir("a", "/b", copy=True)
        """,
        rules=("image-copy-text",),
        applicability=Applicability.REVIEW,
        proof=SAID,
    ),
]

NEAR_MISSES = [
    NearMiss(
        id="already-migrated",
        code="""
            import modal

            image = modal.Image.debian_slim().add_local_dir("data", "/data").add_local_file("a", "/a", copy=True)
        """,
    ),
    NearMiss(
        id="own-image-class",
        code="""
            import modal

            class Image:
                def copy_local_dir(self, a, b): return self

            image = Image().copy_local_dir("data", "/data")
        """,
    ),
    NearMiss(
        id="another-library-s-image",
        code="""
            import modal
            from PIL import Image

            image = Image.open("a").copy_local_file("a", "b")
        """,
    ),
    NearMiss(
        id="a-function-of-that-name",
        code="""
            import modal

            def copy_local_file(a, b): ...

            copy_local_file("a", "b")
            text = "image.copy_local_file('a', 'b')"
        """,
    ),
    NearMiss(
        id="who-knows-what",
        code="""
            import modal

            def build(image):
                return image.copy_local_dir("data", "/data")
        """,
    ),
    NearMiss(
        id="rebound-to-something-else",
        code="""
            import docker
            import modal

            image = modal.Image.debian_slim()
            image = docker.from_env().images.get("x")
            image.copy_local_dir("data", "/data")
        """,
    ),
    NearMiss(
        id="not-called",
        code="""
            import modal

            image = modal.Image.debian_slim()
            print(hasattr(image, "copy_local_dir"))
        """,
    ),
]
