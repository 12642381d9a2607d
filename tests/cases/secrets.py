"""Cases of the section ``secrets``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

REVIEW, MANUAL = Applicability.REVIEW, Applicability.MANUAL
GONE = Proof(old_before=Sdk.FAILS, why="0.77 does not take it")
BY_HAND = Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten")
SECRET = 'modal.Secret.from_name("s")'


def on_function(arguments: str, above: str = "") -> str:
    """Return a file with one function under these arguments."""
    return f'import modal\n\napp = modal.App("a")\n{above}\n@app.function({arguments})\ndef f(): ...\n'


def case(id: str, before: str, after: str, applicability: Applicability = Applicability.SAFE, **more: object) -> Case:
    """Return a case of one secret."""
    return Case(id, before, after, ("secret",), applicability, **{"proof": GONE, **more})  # type: ignore[arg-type]


CASES = [
    case("function", on_function(f"cpu=1, secret={SECRET}"), on_function(f"cpu=1, secrets=[{SECRET}]")),
    case(
        "made-by-what-cannot-be-seen",
        on_function('secret=Secret.from_name("s")', above="from keys import Secret\n"),
        on_function('secrets=[Secret.from_name("s")]', above="from keys import Secret\n"),
        REVIEW,
    ),
    case(
        "class-in-the-call-form",
        f'import modal\n\napp = modal.App("a")\n\nclass A: ...\n\nB = app.cls(secret={SECRET})(A)\n',
        f'import modal\n\napp = modal.App("a")\n\nclass A: ...\n\nB = app.cls(secrets=[{SECRET}])(A)\n',
    ),
    case(
        "run-function-in-a-chain",
        f"""
            import modal

            image = (
                modal.Image.debian_slim()
                .pip_install("a")
                .run_function(print, secret={SECRET}, timeout=60)
            )
        """,
        f"""
            import modal

            image = (
                modal.Image.debian_slim()
                .pip_install("a")
                .run_function(print, secrets=[{SECRET}], timeout=60)
            )
        """,
    ),
    case(
        "run-function-of-an-image-that-is-made-by-an-old-name",
        f"""
            import modal

            image = modal.Image.from_dockerhub("r").pip_install("a").run_function(print, secret={SECRET})
        """,
        f"""
            import modal

            image = modal.Image.from_dockerhub("r").pip_install("a").run_function(print, secrets=[{SECRET}])
        """,
        proof=Proof(Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="from_dockerhub is another section's matter"),
    ),
    case(
        "over-several-lines-with-comments",
        """
            from modal import App, Secret

            app = App("a")
            token = Secret.from_dict({"TOKEN": "1"})

            @app.function(
                # for the hub
                secret=token,  # read only
            )
            def f(): ...
        """,
        """
            from modal import App, Secret

            app = App("a")
            token = Secret.from_dict({"TOKEN": "1"})

            @app.function(
                # for the hub
                secrets=[token],  # read only
            )
            def f(): ...
        """,
    ),
    case(
        "a-condition-stays-outside-the-list",
        on_function(f"secret={SECRET} if PROJECT else None", 'PROJECT = "p"\n'),
        on_function(f"secrets=[{SECRET}] if PROJECT else []", 'PROJECT = "p"\n'),
    ),
    case(
        "a-condition-that-is-false",
        on_function(f"secret=None if not PROJECT else {SECRET}", 'PROJECT = ""\n'),
        on_function(f"secrets=[] if not PROJECT else [{SECRET}]", 'PROJECT = ""\n'),
    ),
    case("none-is-deleted", on_function("secret=None, cpu=1"), on_function("cpu=1")),
    case(
        "beside-a-list",
        on_function(f'secret={SECRET}, secrets=[modal.Secret.from_name("t")]'),
        on_function(f'secrets=[{SECRET}, modal.Secret.from_name("t")]'),
    ),
    case("beside-an-empty-list", on_function(f"secrets=[], secret={SECRET}"), on_function(f"secrets=[{SECRET}]")),
    case(
        "beside-a-variable",
        on_function(f"secret={SECRET}, secrets=ALL", "ALL = ()\n"),
        on_function(f"secrets=[{SECRET}, *ALL]", "ALL = ()\n"),
        REVIEW,
    ),
    case(
        "a-variable-of-which-nobody-knows",
        on_function("secret=wanted", "wanted = max([modal.Secret.from_name('s')], key=str)\n"),
        on_function("secrets=[wanted]", "wanted = max([modal.Secret.from_name('s')], key=str)\n"),
        REVIEW,
    ),
    case(
        "a-variable-that-may-be-none",
        on_function("secret=wanted", "wanted = min([None], key=str)\n"),
        on_function("secrets=[wanted] if wanted else []", "wanted = min([None], key=str)\n"),
        REVIEW,
        choice="if-any",
    ),
    case(
        "in-a-dict",
        on_function("**OPTIONS", f'OPTIONS = {{"secret": {SECRET}}}\n'),
        on_function("**OPTIONS", f'OPTIONS = {{"secrets": [{SECRET}]}}\n'),
        REVIEW,
    ),
    case(
        "in-a-dict-of-which-it-is-read",
        on_function("**OPTIONS", f'OPTIONS = {{"secret": {SECRET}}}\nprint(OPTIONS["secret"])\n'),
        on_function("**OPTIONS", f'OPTIONS = {{"secret": {SECRET}}}\nprint(OPTIONS["secret"])\n'),
        MANUAL,
        proof=BY_HAND,
    ),
    case(
        "in-a-dict-beside-a-list",
        on_function("secrets=[], **OPTIONS", f'OPTIONS = {{"secret": {SECRET}}}\n'),
        on_function("secrets=[], **OPTIONS", f'OPTIONS = {{"secret": {SECRET}}}\n'),
        MANUAL,
        proof=BY_HAND,
    ),
    Case(
        "made-by-the-class",
        'from modal import Secret\n\ntoken = Secret({"TOKEN": "1"})\n',
        'from modal import Secret\n\ntoken = Secret.from_dict({"TOKEN": "1"})\n',
        ("secret-constructor",),
        proof=GONE,
    ),
    Case(
        "made-by-the-class-with-more",
        'from modal import Secret\n\ntoken = Secret({"TOKEN": "1"}, "template")\n',
        'from modal import Secret\n\ntoken = Secret({"TOKEN": "1"}, "template")\n',
        ("secret-constructor",),
        MANUAL,
        proof=BY_HAND,
    ),
]

NEAR_MISSES = [
    NearMiss("registries-take-one", f'import modal\n\nmodal.Image.from_registry("r", secret={SECRET})\n'),
    NearMiss("aws-takes-one", f'import modal\n\nmodal.Image.from_aws_ecr("r", secret={SECRET})\n'),
    NearMiss("a-bucket-takes-one", f'import modal\n\nmodal.CloudBucketMount("b", secret={SECRET})\n'),
    NearMiss("a-function-of-their-own", "import modal\n\ndef run(secret): ...\n\nrun(secret=modal)\n"),
    NearMiss("a-list-already", on_function(f"secrets=[{SECRET}]")),
    NearMiss("a-secret-of-another-library", 'import modal\nfrom vault import Secret\n\nSecret({"a": "b"})\n'),
]
