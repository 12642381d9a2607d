"""Cases of the section ``module-mode``."""

from __future__ import annotations

from support.cases import Case, NearMiss, Proof, Sdk

from modal_transforms.core.model import Applicability

SILENT = Proof(Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, Sdk.ACCEPTS, why="importing the file starts no command")
TOOLS = Proof(None, None, None, None, why="it needs click and typer, and reads the command line; it is no Modal code")
PACKAGE = {"pkg/__init__.py": "", "pkg/mod.py": "import modal\n"}

CASES = [
    Case(
        id="a-runner-of-a-runner",
        before="""
            import subprocess

            def sh(command):
                subprocess.run(command, check=True)

            def quietly(command, *, retries=1):
                sh(command)

            def start(*words):
                quietly(["modal", *words])

            def deploy():
                quietly(["modal", "deploy", "pkg.mod"])
                command = ["modal", "run", "pkg.mod::f"]
                quietly(command)
        """,
        after="""
            import subprocess

            def sh(command):
                subprocess.run(command, check=True)

            def quietly(command, *, retries=1):
                sh(command)

            def start(*words):
                quietly(["modal", *words])

            def deploy():
                quietly(["modal", "deploy", "-m", "pkg.mod"])
                command = ["modal", "run", "-m", "pkg.mod::f"]
                quietly(command)
        """,
        rules=("module-mode", "module-mode"),
        files=PACKAGE,
        proof=SILENT,
    ),
    Case(
        id="what-all-calls-give-first",
        before="""
            import subprocess

            def modal_run(*words, timeout=600):
                subprocess.run(["modal", "run", *words], timeout=timeout)

            def both():
                modal_run("pkg.mod::f", "--fast")
                modal_run("pkg.mod::g", timeout=5)
        """,
        after="""
            import subprocess

            def modal_run(*words, timeout=600):
                subprocess.run(["modal", "run", "-m", *words], timeout=timeout)

            def both():
                modal_run("pkg.mod::f", "--fast")
                modal_run("pkg.mod::g", timeout=5)
        """,
        rules=("module-mode",),
        applicability=Applicability.REVIEW,
        files=PACKAGE,
        proof=SILENT,
    ),
    Case(
        id="argument-list",
        before="""
            import subprocess

            def deploy():
                subprocess.run(["modal", "deploy", "pkg.mod"], check=True)
        """,
        after="""
            import subprocess

            def deploy():
                subprocess.run(["modal", "deploy", "-m", "pkg.mod"], check=True)
        """,
        rules=("module-mode",),
        files=PACKAGE,
        proof=SILENT,
    ),
    Case(
        id="one-element-a-line-options-with-values-first",
        before="""
            from subprocess import Popen as start

            def run(name):
                return start([
                    "modal",
                    'run',
                    "--detach",
                    "--env", name,
                    'pkg.mod::train',  # the entrypoint
                    "--steps", "10",
                ])
        """,
        after="""
            from subprocess import Popen as start

            def run(name):
                return start([
                    "modal",
                    'run',
                    "--detach",
                    "--env", name,
                    '-m',
                    'pkg.mod::train',  # the entrypoint
                    "--steps", "10",
                ])
        """,
        rules=("module-mode",),
        proof=SILENT,
    ),
    Case(
        id="python-m-modal-in-a-list",
        before="""
            import subprocess
            import sys

            def serve():
                subprocess.check_call([sys.executable, "-m", "modal", "serve", "pkg.sub.mod"])
        """,
        after="""
            import subprocess
            import sys

            def serve():
                subprocess.check_call([sys.executable, "-m", "modal", "serve", "-m", "pkg.sub.mod"])
        """,
        rules=("module-mode",),
        proof=SILENT,
    ),
    Case(
        id="words-as-arguments",
        before="""
            import asyncio

            async def deploy():
                await asyncio.create_subprocess_exec("uv", "run", "modal", "deploy", "pkg.mod")
        """,
        after="""
            import asyncio

            async def deploy():
                await asyncio.create_subprocess_exec("uv", "run", "modal", "deploy", "-m", "pkg.mod")
        """,
        rules=("module-mode",),
        proof=SILENT,
    ),
    Case(
        id="shell-text",
        before="""
            import os

            def deploy():
                os.system("cd backend && MODAL_PROFILE=x poetry run modal run pkg.mod::f --x 1; ls")
        """,
        after="""
            import os

            def deploy():
                os.system("cd backend && MODAL_PROFILE=x poetry run modal run -m pkg.mod::f --x 1; ls")
        """,
        rules=("module-mode",),
        proof=SILENT,
    ),
    Case(
        id="text-in-several-literals-and-an-f-string",
        before=r"""
            import subprocess

            def deploy(env):
                subprocess.run(
                    "set -e\n"  # stop at the first error
                    f"modal deploy --env {env} "
                    "pkg.mod::app",
                    shell=True,
                )
        """,
        after=r"""
            import subprocess

            def deploy(env):
                subprocess.run(
                    "set -e\n"  # stop at the first error
                    f"modal deploy --env {env} "
                    "-m pkg.mod::app",
                    shell=True,
                )
        """,
        rules=("module-mode",),
        proof=SILENT,
    ),
    Case(
        id="shlex-split",
        before="""
            import shlex
            import subprocess

            def run(name):
                subprocess.run(shlex.split(f'modal run pkg.mod::{name}'))
        """,
        after="""
            import shlex
            import subprocess

            def run(name):
                subprocess.run(shlex.split(f'modal run -m pkg.mod::{name}'))
        """,
        rules=("module-mode",),
        proof=SILENT,
    ),
    Case(
        id="shell-of-a-module",
        before="""
            import subprocess

            subprocess.Popen("modal shell --cmd 'ls -l' pkg.mod::f", shell=True) if False else None
        """,
        after="""
            import subprocess

            subprocess.Popen("modal shell --cmd 'ls -l' -m pkg.mod::f", shell=True) if False else None
        """,
        rules=("module-mode",),
        proof=SILENT,
    ),
    Case(
        id="list-in-a-variable-that-is-run",
        before="""
            import subprocess

            def deploy():
                command = ["modal", "deploy", "pkg.mod"]
                subprocess.run(command)
        """,
        after="""
            import subprocess

            def deploy():
                command = ["modal", "deploy", "-m", "pkg.mod"]
                subprocess.run(command)
        """,
        rules=("module-mode",),
        proof=SILENT,
    ),
    Case(
        id="list-in-a-variable",
        before="""
            COMMAND = ["modal", "deploy", "pkg.mod"]
        """,
        after="""
            COMMAND = ["modal", "deploy", "-m", "pkg.mod"]
        """,
        rules=("module-mode",),
        applicability=Applicability.REVIEW,
        proof=SILENT,
    ),
    Case(
        id="flags-that-cannot-be-seen",
        before="""
            import subprocess

            def run(flags):
                subprocess.run(["modal", "run", *flags, "pkg.mod::f"])
                subprocess.run(["modal", "run"] + flags + ["pkg.mod::f"])
        """,
        after="""
            import subprocess

            def run(flags):
                subprocess.run(["modal", "run", *flags, "-m", "pkg.mod::f"])
                subprocess.run(["modal", "run"] + flags + ["-m", "pkg.mod::f"])
        """,
        rules=("module-mode", "module-mode"),
        applicability=Applicability.REVIEW,
        proof=SILENT,
    ),
    Case(
        id="module-path-with-a-variable-part",
        before="""
            import subprocess

            def run(name):
                subprocess.run(["modal", "run", f"apps.{name}::main"])
        """,
        after="""
            import subprocess

            def run(name):
                subprocess.run(["modal", "run", "-m", f"apps.{name}::main"])
        """,
        rules=("module-mode",),
        applicability=Applicability.REVIEW,
        proof=SILENT,
    ),
    Case(
        id="single-name-kept-a-module",
        before="""
            import subprocess

            def deploy():
                subprocess.run(["modal", "deploy", "service"])
        """,
        after="""
            import subprocess

            def deploy():
                subprocess.run(["modal", "deploy", "-m", "service"])
        """,
        rules=("module-mode-bare",),
        applicability=Applicability.REVIEW,
        files={"service.py": ""},
        proof=SILENT,
    ),
    Case(
        id="single-name-made-a-file",
        before="""
            import subprocess

            def deploy():
                subprocess.run("modal deploy service::app", shell=True)
        """,
        after="""
            import subprocess

            def deploy():
                subprocess.run("modal deploy service.py::app", shell=True)
        """,
        rules=("module-mode-bare",),
        applicability=Applicability.REVIEW,
        choice="file",
        files={"service.py": ""},
        proof=SILENT,
    ),
    Case(
        id="reference-in-a-constant-a-default-or-a-loop",
        before="""
            import subprocess

            APP = "pkg.mod"

            def deploy(name="pkg.mod"):
                subprocess.run(["modal", "deploy", APP])
                subprocess.run(["modal", "deploy", name])
                for app in ["pkg.mod", "pkg.other"]:
                    subprocess.run(["modal", "deploy", app])

            def again():
                deploy("pkg.third")
        """,
        after="""
            import subprocess

            APP = "pkg.mod"

            def deploy(name="pkg.mod"):
                subprocess.run(["modal", "deploy", "-m", APP])
                subprocess.run(["modal", "deploy", "-m", name])
                for app in ["pkg.mod", "pkg.other"]:
                    subprocess.run(["modal", "deploy", "-m", app])

            def again():
                deploy("pkg.third")
        """,
        rules=("module-mode",) * 3,
        applicability=Applicability.REVIEW,
        files=PACKAGE,
        proof=SILENT,
    ),
    Case(
        id="reference-that-cannot-be-seen",
        before="""
            import subprocess

            def run(ref, name="pkg.mod"):
                subprocess.run(["modal", "run", ref])
                subprocess.run(["modal", "run", name])
                subprocess.run(f"modal run {ref}", shell=True)
                subprocess.run("modal deploy $TARGET", shell=True)

            def other(name):
                run(name, "app.py")
        """,
        after="""
            import subprocess

            def run(ref, name="pkg.mod"):
                subprocess.run(["modal", "run", ref])
                subprocess.run(["modal", "run", name])
                subprocess.run(f"modal run {ref}", shell=True)
                subprocess.run("modal deploy $TARGET", shell=True)

            def other(name):
                run(name, "app.py")
        """,
        rules=("module-mode-unseen",) * 4,
        applicability=Applicability.MANUAL,
        proof=SILENT,
    ),
    Case(
        id="literal-handed-to-a-function-that-runs-it",
        before="""
            import subprocess

            def sh(command, check=True):
                subprocess.run(command, shell=True, check=check)

            def deploy():
                sh("modal deploy pkg.mod")
                sh(command=["modal", "run", "pkg.mod::f"])
                command = ["uv", "run"]
                command += ["modal", "serve", "pkg.mod"]
                subprocess.run(command)
        """,
        after="""
            import subprocess

            def sh(command, check=True):
                subprocess.run(command, shell=True, check=check)

            def deploy():
                sh("modal deploy -m pkg.mod")
                sh(command=["modal", "run", "-m", "pkg.mod::f"])
                command = ["uv", "run"]
                command += ["modal", "serve", "-m", "pkg.mod"]
                subprocess.run(command)
        """,
        rules=("module-mode",) * 3,
        files=PACKAGE,
        proof=SILENT,
    ),
    Case(
        id="own-name-and-a-sibling-in-texts-and-lists-in-comments",
        before='''
            # ---
            # cmd: ["modal", "serve", "pkg.mod"]
            # ---
            """Try `modal run mochi::f`, or modal run helper::g."""

            print("modal run elsewhere::f")
        ''',
        after='''
            # ---
            # cmd: ["modal", "serve", "-m", "pkg.mod"]
            # ---
            """Try `modal run -m mochi::f`, or modal run -m helper::g."""

            print("modal run elsewhere::f")
        ''',
        rules=("module-mode-text", "module-mode-bare", "module-mode-bare"),
        applicability=Applicability.REVIEW,
        files={"apps/helper.py": "", "elsewhere.py": ""},
        path="apps/mochi.py",
        proof=SILENT,
    ),
    Case(
        id="docstrings-and-messages",
        before='''
            """Deploy with `modal deploy pkg.mod`.

                $ modal run --detach pkg.mod::train --steps 10
            """

            def hint():
                print("Done. Next: modal serve pkg.mod.")
        ''',
        after='''
            """Deploy with `modal deploy -m pkg.mod`.

                $ modal run --detach -m pkg.mod::train --steps 10
            """

            def hint():
                print("Done. Next: modal serve -m pkg.mod.")
        ''',
        rules=("module-mode-text",) * 3,
        applicability=Applicability.REVIEW,
        proof=SILENT,
    ),
    Case(
        id="defaults-of-the-command-line",
        before="""
            import argparse
            import subprocess

            import click
            import typer

            parser = argparse.ArgumentParser()
            parser.add_argument("--app-name", "-a", default="pkg.mod")
            parser.add_argument("--ref", dest="target", choices=["pkg.a", "pkg.b"])
            args = parser.parse_args()
            subprocess.run(["modal", "run", args.app_name])
            subprocess.run(["modal", "run", args.target])

            @click.option("--which-app", default="pkg.mod")
            def go(which_app, third: str = typer.Option("pkg.mod")):
                subprocess.run(["modal", "run", which_app])
                subprocess.run(["modal", "run", third])
        """,
        after="""
            import argparse
            import subprocess

            import click
            import typer

            parser = argparse.ArgumentParser()
            parser.add_argument("--app-name", "-a", default="pkg.mod")
            parser.add_argument("--ref", dest="target", choices=["pkg.a", "pkg.b"])
            args = parser.parse_args()
            subprocess.run(["modal", "run", "-m", args.app_name])
            subprocess.run(["modal", "run", "-m", args.target])

            @click.option("--which-app", default="pkg.mod")
            def go(which_app, third: str = typer.Option("pkg.mod")):
                subprocess.run(["modal", "run", "-m", which_app])
                subprocess.run(["modal", "run", "-m", third])
        """,
        rules=("module-mode",) * 4,
        applicability=Applicability.REVIEW,
        proof=TOOLS,
    ),
    Case(
        id="f-strings-with-constants",
        before="""
            import subprocess

            APP = "pkg.mod"
            KIND = "mod"

            def deploy():
                subprocess.run(f"modal deploy {APP}", shell=True)
                subprocess.run(f"modal run --detach {APP}::train", shell=True)
                subprocess.run(["modal", "serve", f"pkg.{KIND}"])
        """,
        after="""
            import subprocess

            APP = "pkg.mod"
            KIND = "mod"

            def deploy():
                subprocess.run(f"modal deploy -m {APP}", shell=True)
                subprocess.run(f"modal run --detach -m {APP}::train", shell=True)
                subprocess.run(["modal", "serve", "-m", f"pkg.{KIND}"])
        """,
        rules=("module-mode",) * 3,
        applicability=Applicability.REVIEW,
        proof=SILENT,
    ),
    Case(
        id="methods-and-functions-of-other-files-that-run-it",
        before="""
            import asyncio
            import subprocess

            from lib import sh

            class Deployer:
                def _run(self, cmd, check=True):
                    subprocess.run(cmd, check=check)

                @staticmethod
                def _all(*cmd):
                    subprocess.run(args=cmd)

                async def _later(self, name, cmd):
                    await asyncio.create_subprocess_exec(*cmd)

                def deploy(self):
                    self._run(["modal", "deploy", "pkg.mod"])
                    self._all("modal", "deploy", "pkg.mod")
                    sh("modal deploy pkg.mod")
                    asyncio.create_task(self._later("deploy", ["modal", "run", "pkg.mod"]))
        """,
        after="""
            import asyncio
            import subprocess

            from lib import sh

            class Deployer:
                def _run(self, cmd, check=True):
                    subprocess.run(cmd, check=check)

                @staticmethod
                def _all(*cmd):
                    subprocess.run(args=cmd)

                async def _later(self, name, cmd):
                    await asyncio.create_subprocess_exec(*cmd)

                def deploy(self):
                    self._run(["modal", "deploy", "-m", "pkg.mod"])
                    self._all("modal", "deploy", "-m", "pkg.mod")
                    sh("modal deploy -m pkg.mod")
                    asyncio.create_task(self._later("deploy", ["modal", "run", "-m", "pkg.mod"]))
        """,
        rules=("module-mode",) * 4,
        files={"lib.py": "import os\n\ndef sh(command, quiet=False):\n    os.system(command)\n", **PACKAGE},
        proof=SILENT,
    ),
    Case(
        id="attributes-of-the-class",
        before="""
            import subprocess

            class Deployer:
                APP = "pkg.mod"

                def __init__(self):
                    self.name = "pkg.other"

                def deploy(self):
                    subprocess.run(["modal", "deploy", self.APP])
                    subprocess.run(["modal", "deploy", Deployer.APP])
                    subprocess.run(["modal", "deploy", self.name])
        """,
        after="""
            import subprocess

            class Deployer:
                APP = "pkg.mod"

                def __init__(self):
                    self.name = "pkg.other"

                def deploy(self):
                    subprocess.run(["modal", "deploy", "-m", self.APP])
                    subprocess.run(["modal", "deploy", "-m", Deployer.APP])
                    subprocess.run(["modal", "deploy", "-m", self.name])
        """,
        rules=("module-mode",) * 3,
        applicability=Applicability.REVIEW,
        proof=SILENT,
    ),
    Case(
        id="what-cannot-be-seen-is-told",
        before="""
            import argparse
            import subprocess

            def main():
                parser = argparse.ArgumentParser()
                parser.add_argument("--app")
                parser.add_argument("--mixed", choices=["pkg.mod", "app.py"])
                args = parser.parse_args()
                subprocess.run(["modal", "run", args.app])
                subprocess.run(["modal", "run", args.mixed])
                subprocess.run(["modal", "run", f"{args.app}.mod"])

            def run(*args, more=()):
                subprocess.run(["modal", "run", *args])
                subprocess.run(["modal", "run", "-q"] + more)
                for target in TARGETS:
                    subprocess.run(["modal", "deploy", target])

            TARGETS = ("pkg.mod", "app.py")
        """,
        after="""
            import argparse
            import subprocess

            def main():
                parser = argparse.ArgumentParser()
                parser.add_argument("--app")
                parser.add_argument("--mixed", choices=["pkg.mod", "app.py"])
                args = parser.parse_args()
                subprocess.run(["modal", "run", args.app])
                subprocess.run(["modal", "run", args.mixed])
                subprocess.run(["modal", "run", f"{args.app}.mod"])

            def run(*args, more=()):
                subprocess.run(["modal", "run", *args])
                subprocess.run(["modal", "run", "-q"] + more)
                for target in TARGETS:
                    subprocess.run(["modal", "deploy", target])

            TARGETS = ("pkg.mod", "app.py")
        """,
        rules=("module-mode-unseen",) * 6,
        applicability=Applicability.MANUAL,
        proof=SILENT,
    ),
    Case(
        id="lists-that-grow-and-what-is-handed-to-them",
        before="""
            import os
            import subprocess

            MORE = ["--detach", "pkg.mod"]
            subprocess.run(["modal", "run", *MORE])

            def deploy(env=None):
                cmd = ["modal", "deploy"]
                if env:
                    cmd += ["--env", env]
                cmd.append("pkg.mod")
                cmd.extend(["--name", "a"])
                subprocess.run(cmd)

            def modal(*args):
                return subprocess.run(["modal", *args], check=True)

            class Tool:
                def call(self, args):
                    return subprocess.run(["modal"] + args)

                def serve(self):
                    self.call(["serve", "pkg.mod"])

            def main():
                modal("deploy", "pkg.other")
                modal("run", "app.py")
                os.execlp("modal", "modal", "run", "pkg.mod")
        """,
        after="""
            import os
            import subprocess

            MORE = ["--detach", "-m", "pkg.mod"]
            subprocess.run(["modal", "run", *MORE])

            def deploy(env=None):
                cmd = ["modal", "deploy"]
                if env:
                    cmd += ["--env", env]
                cmd.extend(["-m", "pkg.mod"])
                cmd.extend(["--name", "a"])
                subprocess.run(cmd)

            def modal(*args):
                return subprocess.run(["modal", *args], check=True)

            class Tool:
                def call(self, args):
                    return subprocess.run(["modal"] + args)

                def serve(self):
                    self.call(["serve", "-m", "pkg.mod"])

            def main():
                modal("deploy", "-m", "pkg.other")
                modal("run", "app.py")
                os.execlp("modal", "modal", "run", "-m", "pkg.mod")
        """,
        rules=("module-mode",) * 5,
        files=PACKAGE,
        proof=SILENT,
    ),
    Case(
        id="list-that-others-read-too",
        before="""
            import subprocess

            APP = ["pkg.mod"]
            subprocess.run(["modal", "run", *APP])
            print("started", APP)

            def run(flags):
                subprocess.run(["modal", "run"] + flags + ["pkg.mod::main"])
        """,
        after="""
            import subprocess

            APP = ["-m", "pkg.mod"]
            subprocess.run(["modal", "run", *APP])
            print("started", APP)

            def run(flags):
                subprocess.run(["modal", "run"] + flags + ["-m", "pkg.mod::main"])
        """,
        rules=("module-mode",) * 2,
        applicability=Applicability.REVIEW,
        files=PACKAGE,
        proof=SILENT,
    ),
]

NEAR_MISSES = [
    NearMiss(
        id="files",
        code="""
            import subprocess

            subprocess.run(["modal", "run", "pkg/mod.py::f", "a.b"])
            subprocess.run(["modal", "run", "-w", "out.txt", "main.py"])
            subprocess.run("modal deploy src/app.py && modal run ./x.py", shell=True)
        """,
    ),
    NearMiss(
        id="module-flag-is-there",
        code="""
            import subprocess

            subprocess.run(["modal", "run", "-m", "pkg.mod"])
            subprocess.run(["modal", "run", "-dm", "pkg.mod::f"])
            subprocess.run("modal deploy pkg.mod -m", shell=True)
            subprocess.run("modal deploy -m --env x pkg.mod", shell=True)
        """,
    ),
    NearMiss(
        id="other-subcommands",
        code="""
            import subprocess

            subprocess.run(["modal", "app", "logs", "pkg.mod"])
            subprocess.run(["modal", "volume", "get", "run", "a.b"])
            subprocess.run(["modal", "launch", "jupyter"])
            subprocess.run("modal token new", shell=True)
        """,
    ),
    NearMiss(
        id="other-programs",
        code="""
            import subprocess

            subprocess.run(["echo", "modal", "run", "pkg.mod"])
            subprocess.run(["pip", "install", "modal", "run.mod"])
            subprocess.run("python -m pkg.mod modal run", shell=True)
            subprocess.run(["my-modal", "run", "pkg.mod"])
            subprocess.run("bimodal run pkg.mod", shell=True)
        """,
    ),
    NearMiss(
        id="ids-of-containers-and-nothing",
        code="""
            import subprocess

            subprocess.run(["modal", "shell", "ta-01JK4GVM4Q5W6X7Y8Z"])
            subprocess.run("modal shell sb-ABCDEF0123456789", shell=True)
            subprocess.run("modal shell --image ubuntu:22.04 --cmd a.b", shell=True)
            subprocess.run(["modal", "shell"])
        """,
    ),
    NearMiss(
        id="files-that-all-calls-give-first",
        code="""
            import subprocess

            def modal_run(*words):
                subprocess.run(["modal", "run", *words])

            modal_run("a.py::f", "--fast")
            modal_run("b.py")
        """,
    ),
    NearMiss(
        id="what-is-handed-on-is-only-shown",
        code="""
            def show(command):
                print(command)

            def tell(command):
                show(command)

            tell(["modal", "deploy", "app"])
        """,
    ),
    NearMiss(
        id="references-in-variables",
        code="""
            import subprocess
            import sys

            APP = "app.py"

            def run(script, name, ref="b.py"):
                subprocess.run(["modal", "run", APP])
                subprocess.run(["modal", "run", ref])
                subprocess.run(["modal", "run", str(script)])
                subprocess.run(["modal", "run", f"{name}.py::f"])
                subprocess.run(f"modal run apps/{name}", shell=True)

            run("x", "y", "c.py::f")
            print(f"modal run {APP}")
        """,
    ),
    NearMiss(
        id="what-follows-the-reference-belongs-to-the-program",
        code="""
            import subprocess

            subprocess.run("modal run main.py --module pkg.mod", shell=True)
            subprocess.run("modal run main.py::f pkg.mod", shell=True)
        """,
    ),
    NearMiss(
        id="prose",
        code='''
            """Use modal run with care, and modal deploy when ready. The modal shell is e.g. for debugging.

            See modal deploy. `modal run <module>`, modal run app.py, modal run path/to/file.py::f
            """
        ''',
    ),
    NearMiss(
        id="single-name-in-a-message",
        code="""
            print("modal deploy src", "modal run it")
        """,
    ),
    NearMiss(
        id="one-colon-never-worked",
        code="""
            import subprocess

            subprocess.run(["modal", "run", "pkg.mod:f"])
        """,
    ),
    NearMiss(
        id="words-that-are-no-command",
        code="""
            MODES = ("modal", "run", "walk")
            KINDS = ["run", "modal", "a.b"]
        """,
    ),
    NearMiss(
        id="files-in-defaults-f-strings-and-attributes",
        code="""
            import argparse
            import subprocess

            NAME = "app"

            class Deployer:
                FILE = "app.py"

                def show(self, cmd):
                    print(cmd)

                def deploy(self):
                    parser = argparse.ArgumentParser()
                    parser.add_argument("--file", default="app.py")
                    args = parser.parse_args()
                    subprocess.run(["modal", "run", args.file])
                    subprocess.run(["modal", "run", self.FILE])
                    subprocess.run(["modal", "run", f"{NAME}.py::f"])
                    subprocess.run(f"modal run {self.FILE}", shell=True)
                    self.show(["modal", "run", args.unknown])
        """,
    ),
]
