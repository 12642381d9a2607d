"""Cases of the section ``app-objects``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

REVIEW, MANUAL = Applicability.REVIEW, Applicability.MANUAL
GONE = Proof(old_before=Sdk.FAILS, why="0.77 has it no more")
BY_HAND = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten")
READ = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 has it")

CASES = [
    Case(
        "run-inside",
        "import modal\n\nimage = modal.Image.debian_slim()\n\nwith image.run_inside():\n    import torch\n",
        "import modal\n\nimage = modal.Image.debian_slim()\n\nwith image.imports():\n    import torch\n",
        ("run-inside",),
        proof=GONE,
    ),
    Case(
        "mixin",
        """
            from modal import App
            from modal.cls import ClsMixin

            app = App("a")

            @app.cls()
            class A(ClsMixin): ...

            class Base: ...

            @app.cls()
            class B(Base, ClsMixin): ...

            @app.cls()
            class C(ClsMixin, Base): ...
        """,
        """
            from modal import App

            app = App("a")

            @app.cls()
            class A: ...

            class Base: ...

            @app.cls()
            class B(Base): ...

            @app.cls()
            class C(Base): ...
        """,
        ("cls-mixin",),
        proof=GONE,
    ),
    Case(
        "mixin-read-for-something-else",
        "from modal.cls import ClsMixin\n\nprint(ClsMixin)\n",
        "from modal.cls import ClsMixin\n\nprint(ClsMixin)\n",
        ("cls-mixin",),
        MANUAL,
        proof=BY_HAND,
    ),
    Case(
        "constructor",
        """
            import modal

            app = modal.App("a")

            @app.cls()
            class A:
                size: int = modal.parameter(default=1)

            def main():
                return A.remote(size=2)
        """,
        """
            import modal

            app = modal.App("a")

            @app.cls()
            class A:
                size: int = modal.parameter(default=1)

            def main():
                return A(size=2)
        """,
        ("cls-remote",),
        proof=Proof(Sdk.FAILS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.ACCEPTS, why="0.77 has it no more", calls=True),
    ),
    Case(
        "is-inside-for-imports",
        """
            import modal

            image = modal.Image.debian_slim()
            app = modal.App("a", image=image)

            if app.is_inside():
                import json
        """,
        """
            import modal

            image = modal.Image.debian_slim()
            app = modal.App("a", image=image)

            with image.imports():
                import json
        """,
        ("is-inside",),
        REVIEW,
        proof=GONE,
    ),
    Case(
        "is-inside-of-an-image",
        """
            import modal

            app = modal.App("a")
            app.heavy_image = modal.Image.debian_slim()

            if app.is_inside(app.heavy_image):
                import os
                os.chdir("/model")
                from heavy_model import load
        """,
        """
            import modal

            app = modal.App("a")
            app.heavy_image = modal.Image.debian_slim()

            with app.heavy_image.imports():
                import os
                os.chdir("/model")
                from heavy_model import load
        """,
        ("is-inside",),
        REVIEW,
        proof=GONE,
    ),
    Case(
        "is-inside-of-an-image-without-imports",
        """
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            if app.is_inside(image):
                print("inside")
        """,
        """
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            if not modal.is_local():
                print("inside")
        """,
        ("is-inside",),
        REVIEW,
        proof=GONE,
    ),
    Case(
        "is-inside-of-an-image-or-else",
        """
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            # Only there.
            if app.is_inside(image):
                import json  # big
            else:
                json = None
                jsons = [
                    json,
                ]

            print(json)
        """,
        """
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            # Only there.
            json = None
            jsons = [
                json,
            ]
            with image.imports():
                import json  # big

            print(json)
        """,
        ("is-inside",),
        REVIEW,
        proof=GONE,
    ),
    Case(
        "is-inside-of-an-image-or-else-on-what-there-is",
        """
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            if app.is_inside(image):
                import json
            else:
                print("outside")
        """,
        """
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            if not modal.is_local():
                import json
            else:
                print("outside")
        """,
        ("is-inside",),
        REVIEW,
        proof=GONE,
    ),
    Case(
        "is-inside-in-conditions",
        """
            from modal import App

            app = App("a")
            here = not app.is_inside()
            name = "there" if app.is_inside() else "here"
            print(app.is_inside() == True)
        """,
        """
            from modal import App, is_local

            app = App("a")
            here = is_local()
            name = "there" if not is_local() else "here"
            print((not is_local()) == True)
        """,
        ("is-inside",) * 3,
        REVIEW,
        proof=GONE,
    ),
    Case(
        "image-of-the-app",
        """
            import modal

            image = modal.Image.debian_slim()
            app = modal.App("a", image=image)

            with app.image.imports():
                import json
        """,
        """
            import modal

            image = modal.Image.debian_slim()
            app = modal.App("a", image=image)

            with image.imports():
                import json
        """,
        ("app-image",),
        REVIEW,
        proof=READ,
    ),
    Case(
        "image-that-is-made-in-the-call",
        """
            import modal

            app = modal.App("a", image=modal.Image.debian_slim())

            with app.image.imports():
                import json
            other = app.image.pip_install("a")
        """,
        """
            import modal

            image = modal.Image.debian_slim()
            app = modal.App("a", image=image)

            with image.imports():
                import json
            other = image.pip_install("a")
        """,
        ("app-image",),
        REVIEW,
        proof=READ,
    ),
    Case(
        "image-that-is-made-in-the-call-over-lines",
        """
            import modal

            app = modal.App(
                "a",
                image=modal.Image.debian_slim()
                .apt_install("b")  # needed by c
                .pip_install("c"),
            )

            with app.image.imports():
                import json
        """,
        """
            import modal

            image = (
                modal.Image.debian_slim()
                .apt_install("b")  # needed by c
                .pip_install("c")
            )
            app = modal.App(
                "a",
                image=image,
            )

            with image.imports():
                import json
        """,
        ("app-image",),
        REVIEW,
        proof=READ,
    ),
    Case(
        "image-that-is-given-later",
        """
            import modal

            image = modal.Image.debian_slim()
            app = modal.App("a")
            app.image = image
        """,
        """
            import modal

            image = modal.Image.debian_slim()
            app = modal.App("a", image=image)
        """,
        ("app-image-set",),
        REVIEW,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="1.6.4 only sets an attribute"),
    ),
    Case(
        "image-of-an-app-that-is-read-before",
        'import modal\n\napp = modal.App("a")\nprint(app)\napp.image = modal.Image.debian_slim()\n',
        'import modal\n\napp = modal.App("a")\nprint(app)\napp.image = modal.Image.debian_slim()\n',
        ("app-image-set",),
        MANUAL,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="nothing is rewritten"),
    ),
    Case(
        "image-that-is-made-later-for-functions",
        """
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()
            app.image = image

            @app.function(timeout=1)
            def f(): ...

            @app.cls()
            class C: ...

            @app.function(image=modal.Image.debian_slim())
            def g(): ...
        """,
        """
            import modal

            app = modal.App("a")
            image = modal.Image.debian_slim()

            @app.function(timeout=1, image=image)
            def f(): ...

            @app.cls(image=image)
            class C: ...

            @app.function(image=modal.Image.debian_slim())
            def g(): ...
        """,
        ("app-image-set",),
        REVIEW,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="1.6.4 only sets an attribute"),
    ),
    Case(
        "image-that-is-made-where-it-is-given",
        """
            import modal

            app = modal.App("a")

            @app.function()
            def before(): ...

            app.image = modal.Image.debian_slim()

            @app.function()
            def f(): ...
        """,
        """
            import modal

            app = modal.App("a")

            @app.function()
            def before(): ...

            image = modal.Image.debian_slim()

            @app.function(image=image)
            def f(): ...
        """,
        ("app-image-set",),
        REVIEW,
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="1.6.4 only sets an attribute"),
    ),
    Case(
        "what-has-gone",
        """
            import modal

            app = modal.App("a")
            modal.container_app
            app.interactive_shell()
        """,
        """
            import modal

            app = modal.App("a")
            modal.container_app
            app.interactive_shell()
        """,
        ("container-app", "interactive-shell"),
        MANUAL,
        proof=BY_HAND,
    ),
    Case(
        "image-that-is-made-later-for-other-files",
        """
            import modal

            app = modal.App("a", secrets=[])
            app.image = modal.Image.debian_slim()
        """,
        """
            import modal

            image = modal.Image.debian_slim()
            app = modal.App("a", secrets=[], image=image)
        """,
        ("app-image-set",),
        REVIEW,
        files={"jobs.py": "from main import app\n\n@app.function()\ndef f(): ...\n"},
        proof=Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="1.6.4 only sets an attribute"),
    ),
    Case(
        "an-image-with-a-name-is-given-to-a-later-app",
        """
            import modal

            app = modal.App("a")
            base = modal.Image.debian_slim()
            app.image = base

            @app.function()
            def f(): ...
        """,
        """
            import modal

            base = modal.Image.debian_slim()
            app = modal.App("a", image=base)

            @app.function()
            def f(): ...
        """,
        ("app-image-set",),
        Applicability.REVIEW,
        choice="later",
        files={"other.py": "from main import app\n\n@app.function()\ndef g(): ...\n"},
        proof=Proof(None, None, None, None, why="it shows when the app runs"),
    ),
]

NEAR_MISSES = [
    NearMiss(
        "imports", "import modal\n\nimage = modal.Image.debian_slim()\n\nwith image.imports():\n    import torch\n"
    ),
    NearMiss(
        "remote-of-functions",
        'import modal\n\napp = modal.App("a")\n\n@app.function()\ndef f(): ...\n\ndef main():\n    f.remote()\n',
    ),
    NearMiss("an-image-of-another-app", "import modal\nfrom theirs import app\n\nprint(app.image, app.is_inside())\n"),
    NearMiss("a-mixin-of-their-own", "import modal\n\nclass ClsMixin: ...\n\nclass A(ClsMixin): ...\n"),
]
