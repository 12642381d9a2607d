"""Cases of ``sandbox-files``: the old file API of sandboxes, which 0.77 has and 1.6 has not."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

REVIEW, MANUAL = Applicability.REVIEW, Applicability.MANUAL
WHY = "0.77 has no filesystem, which came in 1.4.0"
CALLED = Proof(Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, Sdk.ACCEPTS, why=WHY, calls=True)
UNCALLED = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="nothing calls it")
LEFT = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten", calls=True)
REFUSED = Proof(
    Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, Sdk.FAILS, why="called with a stand-in, which 0.77 refuses", calls=True
)
IMPORTED = Proof(Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, Sdk.ACCEPTS, why="modal.types is younger than 0.77")
IMPORT_LEFT = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.FAILS, Sdk.FAILS, why="nothing is rewritten")


def body(*lines: str, head: str = "def work(sandbox: modal.Sandbox, path, text):") -> str:
    """Return a file with a function that is given a sandbox."""
    return "import json\n\nimport modal\n\n" + head + "\n" + "".join(f"    {line}\n" for line in lines)


def case(id: str, before: str, after: str, method: str = "open", **more: object) -> Case:
    """Return a case with one finding in one line of a function."""
    lines = (before.split("\n"), after.split("\n"))
    options = {"applicability": REVIEW, "proof": CALLED, **more}
    return Case(id, body(*lines[0]), body(*lines[1]), (f"sandbox-{method}",), **options)  # type: ignore[arg-type]


def left(id: str, *lines: str, method: str = "open", proof: Proof = LEFT) -> Case:
    """Return a case that a person has to rewrite."""
    code = body(*lines)
    return Case(id, code, code, (f"sandbox-{method}-by-hand",), MANUAL, proof=proof)


ASYNC = "async def work(sandbox: modal.Sandbox, path, text):"


def asynchronous(id: str, before: str, after: str, method: str = "open") -> Case:
    """Return a case with one finding in one line of an async function."""
    one, other = (body(*text.split("\n"), head=ASYNC) for text in (before, after))
    return Case(id, one, other, (f"sandbox-{method}",), REVIEW, proof=UNCALLED)


CASES = [
    Case(
        id="written-in-one-line",
        before="""
            import modal

            def save(client):
                sandbox = modal.Sandbox.from_id("sb-1", client=client)
                sandbox.open("/a.txt", "w").write("text")
        """,
        after="""
            import modal

            def save(client):
                sandbox = modal.Sandbox.from_id("sb-1", client=client)
                sandbox.filesystem.write_text("text", "/a.txt")
        """,
        rules=("sandbox-open",),
        applicability=REVIEW,
        proof=CALLED,
    ),
    case("read-in-one-line", "return sandbox.open(path).read()", "return sandbox.filesystem.read_text(path)"),
    case(
        "bytes",
        'sandbox.open(path, "wb").write(text.encode())',
        "sandbox.filesystem.write_bytes(text.encode(), path)",
    ),
    case(
        "bytes-read", 'data = sandbox.open(mode="rb", path=path).read()', "data = sandbox.filesystem.read_bytes(path)"
    ),
    case(
        "lines",
        'for line in sandbox.open("/a").readlines(): print(line)',
        'for line in sandbox.filesystem.read_text("/a").splitlines(keepends=True): print(line)',
    ),
    case(
        "with",
        'with sandbox.open("/a", "w") as f:\n    f.write(text)\nprint("done")',
        'sandbox.filesystem.write_text(text, "/a")\nprint("done")',
    ),
    case(
        "with-and-more-in-its-body",
        "with sandbox.open(path) as f:\n    data = json.loads(f.read())\n    # then\n    if data:\n"
        '        print("""\n  x""")\nprint(1)',
        'data = json.loads(sandbox.filesystem.read_text(path))\n# then\nif data:\n    print("""\n  x""")\nprint(1)',
    ),
    case(
        "with-on-one-line",
        'with sandbox.open("/a", "w") as f: f.write(text)',
        'sandbox.filesystem.write_text(text, "/a")',
    ),
    case(
        "with-and-a-call-of-several-lines",
        'with sandbox.open("/a", "w") as f:\n    f.write(\n        text\n    )',
        'sandbox.filesystem.write_text(text, "/a")',
    ),
    case(
        "variable-and-close",
        'f = sandbox.open("/a", "w")\nf.write(text)\nf.flush()\nf.close()',
        'sandbox.filesystem.write_text(text, "/a")',
    ),
    case(
        "path-that-is-put-together",
        'sandbox.open(f"/x/{path}", "w").write(text)',
        'sandbox.filesystem.write_text(text, f"/x/{path}")',
    ),
    asynchronous(
        "async-with",
        'async with await sandbox.open.aio("/a", "w") as f:\n    await f.write.aio(text)',
        'await sandbox.filesystem.write_text.aio(text, "/a")',
    ),
    asynchronous(
        "async-open-and-blocking-read",
        'return (await sandbox.open.aio("/a")).read()',
        'return await sandbox.filesystem.read_text.aio("/a")',
    ),
    asynchronous(
        "async-read-and-what-is-asked-of-it",
        'async with await sandbox.open.aio("/a") as f:\n    lines = (await f.read.aio()).split()',
        'lines = (await sandbox.filesystem.read_text.aio("/a")).split()',
    ),
    case(
        "names",
        "names = sandbox.ls(path)",
        "names = [entry.name for entry in sandbox.filesystem.list_files(path)]",
        method="ls",
    ),
    case(
        "entries",
        "names = sandbox.ls(path=path)",
        "names = sandbox.filesystem.list_files(remote_path=path)",
        method="ls",
        choice="entries",
    ),
    asynchronous(
        "async-names",
        "return sorted(await sandbox.ls.aio(path))",
        "return sorted([entry.name for entry in await sandbox.filesystem.list_files.aio(path)])",
        method="ls",
    ),
    case(
        "directory",
        'sandbox.mkdir("/a")',
        'sandbox.filesystem.make_directory("/a", create_parents=False)',
        method="mkdir",
    ),
    case(
        "directory-with-parents",
        'sandbox.mkdir("/a/b", parents=True)',
        'sandbox.filesystem.make_directory("/a/b")',
        method="mkdir",
    ),
    case(
        "directory-by-position",
        'sandbox.mkdir("/a/b", True)',
        'sandbox.filesystem.make_directory("/a/b")',
        method="mkdir",
    ),
    case(
        "directory-that-depends",
        'sandbox.mkdir("/a/b", parents=bool(text))',
        'sandbox.filesystem.make_directory("/a/b", create_parents=bool(text))',
        method="mkdir",
    ),
    case("removal", "sandbox.rm(path)", "sandbox.filesystem.remove(path)", method="rm"),
    case("removal-of-all", "sandbox.rm(path, True)", "sandbox.filesystem.remove(path, recursive=True)", method="rm"),
    asynchronous(
        "async-removal",
        "await sandbox.rm.aio(path, recursive=True)",
        "await sandbox.filesystem.remove.aio(path, recursive=True)",
        "rm",
    ),
    case(
        "watching",
        'for event in sandbox.watch("/a", None, True, timeout=5): print(event)',
        'for event in sandbox.filesystem.watch("/a", filter=None, recursive=True, timeout=5): print(event)',
        method="watch",
    ),
    Case(
        id="sandbox-of-an-instance",
        before="""
            import modal

            class Runner:
                def __init__(self, app):
                    self.sandbox = modal.Sandbox.create(app=app)

                def write_file(self, path: str, text: str):
                    self.sandbox.open(path, "w").write(text)
        """,
        after="""
            import modal

            class Runner:
                def __init__(self, app):
                    self.sandbox = modal.Sandbox.create(app=app)

                def write_file(self, path: str, text: str):
                    self.sandbox.filesystem.write_text(text, path)
        """,
        rules=("sandbox-open",),
        applicability=REVIEW,
        proof=UNCALLED,
    ),
    *(
        Case(
            id=f"sandbox-that-may-be-none-{name}",
            before=code.format("sandbox.rm('/a')"),
            after=code.format("sandbox.filesystem.remove('/a')"),
            rules=("sandbox-rm",),
            applicability=REVIEW,
            proof=UNCALLED,
        )
        for name, code in {
            "union": "import modal\n\ndef f(sandbox: modal.Sandbox | None = None):\n    {}\n",
            "optional": (
                "from typing import Optional\n\nimport modal\n\n"
                "def f(sandbox: Optional[modal.Sandbox] = None):\n    {}\n"
            ),
            "at-first": (
                "import modal\n\nclass A:\n    def __init__(self):\n        self.sandbox = None\n\n"
                "    def start(self, app):\n        self.sandbox = modal.Sandbox.create(app=app)\n\n"
                "    def stop(self):\n        self.{}\n"
            ),
            "in-an-attribute": (
                "import modal\n\nclass A:\n    def __init__(self):\n"
                "        self.sandbox: 'modal.Sandbox | None' = None\n\n    def stop(self):\n        self.{}\n"
            ),
        }.items()
    ),
    Case(
        id="events",
        before="from modal.file_io import FileWatchEventType\n\nKINDS = [FileWatchEventType.Create]\n",
        after="from modal.types import FileWatchEventType\n\nKINDS = [FileWatchEventType.Create]\n",
        rules=("sandbox-events",),
        applicability=REVIEW,
        proof=IMPORTED,
    ),
    Case(
        id="file-type",
        before="from modal.file_io import FileIO\n\ndef f(file: FileIO): ...\n",
        after="from modal.file_io import FileIO\n\ndef f(file: FileIO): ...\n",
        rules=("sandbox-file-io",),
        applicability=MANUAL,
        proof=IMPORT_LEFT,
    ),
    left("append", 'sandbox.open("/a", "a").write(text)'),
    left("both-ways", 'sandbox.open("/a", "r+").read()'),
    left("mode-that-depends", "sandbox.open(path, text).read()", proof=REFUSED),
    left("part-of-a-file", 'sandbox.open("/a").read(10)'),
    left("relative", 'sandbox.open("a.txt", "w").write(text)'),
    left("relative-folder", 'sandbox.mkdir("a")', method="mkdir"),
    left("several-writes", 'with sandbox.open("/a", "w") as f:', "    f.write(text)", "    f.write(text)"),
    left("written-perhaps", 'with sandbox.open("/a", "w") as f:', "    if text:", "        f.write(text)"),
    left("handed-on", 'with sandbox.open("/a", "w") as f:', "    json.dump(text, f)"),
    left("kept", 'f = sandbox.open("/a", "w")', "return f"),
    left("not-at-once", 'f = sandbox.open(path, "w")', 'path = "/b"', "f.write(text)"),
    left("comment-inside", 'with sandbox.open("/a", "w") as f:  # the results', "    f.write(text)"),
    left("comment-before", "with (  # the results", '    sandbox.open("/a", "w") as f', "):", "    f.write(text)"),
    left("spread", "sandbox.ls(*path)", method="ls", proof=REFUSED),
    left("in-a-text", 'return f"{sandbox.ls(path)}"', method="ls"),
]

NEAR_MISSES = [
    NearMiss("one-of-two", "import modal\n\ndef f(box: modal.Sandbox | str):\n    box.rm('/a')\n"),
    NearMiss("the-builtin", "import modal\n\nopen('/a').read()\n"),
    NearMiss("a-volume", "import modal\n\nmodal.Volume.from_name('v').listdir('/')\n"),
    NearMiss("already-new", body("sandbox.filesystem.write_text(text, path)", "sandbox.filesystem.watch(path)")),
    NearMiss(
        "another-sandbox",
        "import modal\nfrom e2b import Sandbox\n\nsandbox = Sandbox()\nsandbox.open('/a', 'w').write('')\n",
    ),
    NearMiss("a-parameter-of-any-kind", "import modal\n\ndef f(sandbox):\n    sandbox.mkdir('/a')\n"),
    NearMiss("exec", body('sandbox.exec("ls", "/")', 'sandbox.exec("rm", path)')),
    NearMiss("types-of-today", "from modal.types import FileWatchEventType\n"),
    NearMiss("another-file-io", "import modal\nfrom .file_io import FileIO\n", path="pkg/a.py"),
]
