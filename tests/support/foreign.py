"""Foreign texts by their readers: a sample of all that is read in a repository, in its git directory, of ours."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from modal_wizard.demo import demo_files
from modal_wizard.files import journal
from modal_wizard.files.backup import Backup, FolderBackups, record_of, with_changes
from modal_wizard.files.change import FileChange
from modal_wizard.files.journal import Journal, JournalEntry
from modal_wizard.files.transaction import WriteRefused
from modal_wizard.git import dotgit, index_sync
from modal_wizard.git.blobs import Blob
from modal_wizard.git.index_sync import IndexUpdate, PendingCommit
from modal_wizard.session import snapshots
from modal_wizard.session.decisions import Decision, ManualEdit, SectionWritten, Status
from modal_wizard.session.drafts import Drafts
from modal_wizard.session.log import UnknownSession, load
from modal_wizard.session.snapshots import FileSnapshot, SeenFinding
from modal_wizard.session.unsigned import take_over
from support.mutating import as_notebook
from support.programs import program


@dataclass(frozen=True, slots=True)
class Reader:
    """A kind of file, by a path that is read so, and what such files may hold."""

    path: str
    seeds: tuple[bytes, ...]


CODE = """\
import modal
image = modal.Image.debian_slim().copy_local_dir("a", "/b")
stub = modal.Stub("x", image=image, secrets=[modal.Secret.from_name("s")])
@stub.function(gpu=modal.gpu.A100(count=2), keep_warm=1, mounts=[modal.Mount.from_local_dir("a")])
@modal.web_endpoint(method="POST")
def f(x): return modal.Function.lookup("a", "b").remote(x)
@stub.cls(concurrency_limit=3, allow_concurrent_inputs=9)
class A:
    def __init__(self, a=1): self.a = a
    @modal.build()
    @modal.enter()
    def g(self): ...
"""
SHELL = """\
#!/bin/bash
set -e
export APP=pkg.mod
modal run pkg.mod::f --x "$APP" && MODAL_PROFILE=x modal deploy pkg.mod
for a in src.app src.bot; do modal serve $a; done
cat <<EOF
modal run pkg.mod
EOF
python -m modal run pkg.mod | tee "log $(date)"  # modal run src.app
pip install 'modal==0.63.*' modal-client>=0.50
"""
YAML = """\
# deploy
on: {push: {branches: [main]}}
env: &base
  APP: pkg.mod
jobs:
  deploy:
    env: {<<: *base, X: "modal run pkg.mod"}
    steps:
      - run: |
          pip install "modal>=0.60,<0.70"
          modal deploy $APP
      - run: >-
          modal run
          pkg.mod::f
      - {name: x, run: 'modal serve ''pkg.mod'''}
"""
TOML = """\
[project]
dependencies = ["modal~=0.64", 'modal-client==0.52.1 ; python_version > "3.8"', "x"]
[tool.poetry.dependencies]
modal = {version = "^0.60", extras = ["a"]}
[tool.poe.tasks]
run = "modal run pkg.mod"
deploy = ["modal", "deploy", "pkg.mod"]
multi = \"\"\"
modal run \\\\
  pkg.mod\"\"\"
"""
SCRIPTS = {"run": "modal run pkg.mod", "x": 'A="b" modal deploy pkg.mod && y'}
JSON = json.dumps({"scripts": SCRIPTS, "args": ["modal", "run", "pkg.mod"]}, indent=2)
MAKE = """\
APP ?= pkg.mod
.PHONY: run
run: x
\t@modal run $(APP) ;\\
\t modal deploy pkg.mod
ifdef A
B := $(shell modal run pkg.mod)
endif
"""
DOCKER = """\
FROM python:3.9
RUN pip install modal==0.60 && \\
  modal run pkg.mod
ENV APP=pkg.mod
CMD ["modal", "serve", "pkg.mod"]
"""
MARKDOWN = f"""\
# How

Run `modal run pkg.mod` or

```python
{CODE}```

> ~~~sh
> modal run pkg.mod
> ~~~

1. x

       modal serve pkg.mod

<pre><code>modal run pkg.mod</code></pre>
"""
REST = (
    "How\n===\n\n.. code-block:: python\n   :linenos:\n\n"
    + "".join(f"   {line}\n" for line in CODE.splitlines())
    + "\nRun::\n\n  modal run pkg.mod\n\nor ``modal serve pkg.mod``.\n"
)
REQUIREMENTS = """\
-r other.txt
modal==0.63.1 \\
    --hash=sha256:abc
modal-client >= 0.50, < 0.60 ; python_version < '3.9'  # why
modal[a] @ https://x/y.whl
"""
LOCK = (
    'version = 1\n[[package]]\nname = "modal"\nversion = "0.63.1"\nsource = { registry = "https://pypi.org/simple" }\n'
)
TYPESCRIPT = "// modal run pkg.mod\nconst a = `import modal\n@stub.function(keep_warm=1)`; /* modal deploy pkg.mod */\n"
CONDA = "dependencies:\n  - modal=0.60\n  - pip:\n    - modal==0.60\n    - 'modal-client'\n"
SETUP = "from setuptools import setup\nsetup(install_requires=['modal==0.60', \"modal-client\"])\n"


def _of(path: str, *texts: str) -> Reader:
    return Reader(path, tuple(text.encode() for text in texts))


def _of_demo(name: str) -> str:
    return demo_files()[name].decode()


READERS = {
    "requirements": _of("requirements.txt", REQUIREMENTS, _of_demo("requirements.txt")),
    "TOML": _of("pyproject.toml", TOML),
    "lock": _of("uv.lock", LOCK),
    "YAML": _of(".github/workflows/a.yml", YAML, _of_demo(".github/workflows/deploy.yml")),
    "conda": _of("environment.yml", CONDA),
    "JSON": _of("package.json", JSON),
    "Markdown": _of("a.md", MARKDOWN, _of_demo("README.md")),
    "reStructuredText": _of("a.rst", REST),
    "notebook": Reader(
        "a.ipynb", tuple(as_notebook(f"%pip install modal\n!modal run pkg.mod\n{CODE}", number) for number in range(6))
    ),
    "shell": _of("a.sh", SHELL),
    "Make": _of("Makefile", MAKE, _of_demo("Makefile")),
    "Dockerfile": _of("Dockerfile", DOCKER),
    "setup": _of("setup.py", SETUP),
    "Python": _of("a.py", CODE, *(program(number)["main.py"] for number in range(8))),
    "TypeScript": _of("a.ts", TYPESCRIPT),
}


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file that is written by us or by git, and may have come with the repository."""

    place: Path
    read: Callable[[], object]


def _session(folder: Path) -> OwnFile:
    place = folder / "session.jsonl"
    session = load(place)
    session.set_head("main", "a" * 40)
    session.decide({"gpu:1": Decision(Status.ACCEPTED, "x"), "gpu:2": Decision(Status.SKIPPED, reason="é")}, "two")
    session.decide({"gpu:3": Decision(Status.EDITED, "", (("a", "b"),), ManualEdit("a.py", 1, 2, "t"))})
    session.undo()
    session.redo()
    session.decide({}, "mute", (("rule", True),))
    session.land(SectionWritten("gpu", ("gpu:1",), "b" * 40, (), 1, 2, 3, ("a.py:3",), (("a", "b"),)))

    def read() -> None:
        with contextlib.suppress(UnknownSession):
            again = load(place)
            take_over(again, Drafts(None))
            again.undo()
            again.decide({"gpu:9": Decision(Status.ACCEPTED, "x")})

    return OwnFile(place, read)


def _snapshots(folder: Path) -> OwnFile:
    place = folder / "seen.jsonl"
    snapshots.save(place, {"a.py": FileSnapshot("a.py", b"import modal\n" * 9, (SeenFinding("a", "b", 1, 2),))})
    return OwnFile(place, lambda: snapshots.load(place))


def _drafts(folder: Path) -> OwnFile:
    place = folder / "drafts.jsonl"
    drafts = Drafts(place)
    drafts.keep("gpu:1", "typed", "about")
    drafts.keep("message gpu", "a\nb")
    drafts.save()

    def read() -> None:
        again = Drafts(place)
        for key in again.waiting():
            again.find(key)
        again.unclaimed()
        again.drop("gpu:1")

    return OwnFile(place, read)


def _journal(folder: Path) -> OwnFile:
    journal.save(folder, Journal((JournalEntry("a.py", "b.tmp", b"x", b"y"),), "a" * 40))

    def read() -> None:
        with contextlib.suppress(ValueError):
            journal.load(folder)

    return OwnFile(folder / journal.NAME, read)


def _pending(folder: Path) -> OwnFile:
    blob = Blob("100644", "a" * 40)
    index_sync.save(folder, PendingCommit("a" * 40, (IndexUpdate("a.py", (blob,), blob),), "ab", ("c",)))

    def read() -> None:
        with contextlib.suppress(WriteRefused):
            index_sync.load(folder)

    return OwnFile(folder / journal.COMMIT, read)


def _backup(folder: Path) -> OwnFile:
    place = folder / "backup/run/backup.json"
    backup = with_changes(Backup("run"), [FileChange("a.py", b"x", b"y", ())], "gpu")
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps(record_of(backup)))
    return OwnFile(place, FolderBackups(folder, folder).all)


def _of_git(name: str, text: str) -> Callable[[Path], OwnFile]:
    def make(folder: Path) -> OwnFile:
        git = folder / ".git"
        for each in ("objects", "refs/heads"):
            (git / each).mkdir(parents=True)
        (git / "HEAD").write_text("ref: refs/heads/main\n")
        (git / name).parent.mkdir(exist_ok=True)
        (git / name).write_text(text)

        def read() -> None:
            dotgit.place_of(git)
            dotgit.moves_of(git)
            dotgit.busy(git)
            dotgit.refusal(folder)
            dotgit.git_dir(folder)

        return OwnFile(git / name, read)

    return make


def _pointer(folder: Path) -> OwnFile:
    (folder / ".git").write_text("gitdir: ../elsewhere/.git/worktrees/a\n")

    def read() -> None:
        dotgit.refusal(folder)
        dotgit.git_dir(folder)

    return OwnFile(folder / ".git", read)


WRITTEN: dict[str, Callable[[Path], OwnFile]] = {
    "session": _session,
    "snapshots": _snapshots,
    "drafts": _drafts,
    "journal of a write": _journal,
    "journal of a commit": _pending,
    "backup": _backup,
    "HEAD": _of_git("HEAD", "ref: refs/heads/main\n"),
    "packed-refs": _of_git("packed-refs", f"# pack-refs with: peeled\n{'a' * 40} refs/heads/main\n^{'b' * 40}\n"),
    "config": _of_git("config", "[core]\n\tbare = false\n\tworktree = ../x\n"),
    "logs/HEAD": _of_git("logs/HEAD", f"{'a' * 40} {'b' * 40} P <p@x> 1 +0000\tcommit: x\n"),
    "commondir": _of_git("commondir", "..\n"),
    ".git": _pointer,
}


def file_of_ours(name: str, folder: Path) -> OwnFile:
    """Write a file of ours, or of git's, into a folder."""
    return WRITTEN[name](folder)
