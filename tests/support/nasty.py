"""Texts that would cost a careless reader dear, of every kind of file that is read, in any size."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable

from modal_transforms.analysis.import_scan import import_lines, statements
from modal_transforms.analysis.parse import ParseFailure, quietly
from modal_transforms.core.source import SourceFile, Unreadable
from modal_transforms.engine import look_at, open_module
from modal_transforms.formats import open_source
from modal_transforms.look_alikes.other_languages import in_other_language, language
from modal_transforms.prefilter import may_hold_modal
from modal_transforms.requirements import pins_of

Make = Callable[[int], str]
"""A nasty text of a size that grows with a number."""


def cells(*sources: str, kind: str = "code") -> str:
    """Return a notebook with some cells."""
    return json.dumps({"nbformat": 4, "cells": [{"cell_type": kind, "source": source} for source in sources]})


def staircase(line: str) -> Make:
    """Return what makes lines that are each indented by one more blank; their bytes are the number."""
    return lambda n: "".join(" " * i + line for i in range(int((2 * n) ** 0.5)))


INPUTS: dict[str, dict[str, Make]] = {
    "requirements.txt": {
        "clauses that fit nothing": lambda n: "modal" + " ==1" * n + "@\n",
        "clauses with a v": lambda n: "modal" + "==v1" * n + "@\n",
        "blanks": lambda n: "modal" + " " * n + "x\n",
        "commas and blanks": lambda n: "modal" + " ," * n + "\n",
        "many pins": lambda n: "# é\n" + "modal==0.1 \\\n --hash=x\n" * n,
        "digits": lambda n: "modal==" + "1" * n + "\n",
        "components": lambda n: "modal==1" + ".1" * n + "\n",
    },
    "pyproject.toml": {
        "installs": lambda n: "pip install " * n + "\nx = 'modal'\n",
        "installs of something else": lambda n: "x = 'modal'\n" + "pip install modal-x " * n + "\n",
        "blanks in a version": lambda n: "modal = '==" + " " * n + "'\n",
        "quoted clauses": lambda n: "x = ['modal" + " ==1" * n + "@']\n",
        "hex digits": lambda n: "x = 'modal run'\n" + "a" * n + "\n",
        "brackets": lambda n: "modal run" + "a[" * n + "\n",
        "lists": lambda n: "['modal', 'run', 'a.b']" * n,
        "long strings": lambda n: 'x = "modal run"\ny = """' + '\\"""x' * n,
        "quotes behind backslashes": lambda n: 'x = "modal run"\n' + '"\\' * n + "\n",
        "keys without a value": lambda n: "x = 'modal run'\n" + "a." * n + "\n",
        "commands in a comment": lambda n: "# " + "modal run a.b " * n + "\n",
    },
    "uv.lock": {
        "names": lambda n: 'name = "modal"\n' * n,
        "versions": lambda n: 'name = "modal"\nversion = "1"\n' * n,
        "tables": lambda n: '"modal": {' * n,
    },
    "package.json": {
        "hex digits": lambda n: "a" * n + '"run": "modal run a.b"',
        "quotes behind backslashes": lambda n: '"a\\' * n + "modal run a.b",
        "nested": lambda n: '[{"a":' * n + '"modal run a.b"',
        "arrays": lambda n: '["modal", "run", "a.b"],\n' * n,
        "commands": lambda n: '{"a": "' + "modal run a.b; " * n + '"}',
    },
    "a.yml": {
        "hex digits": lambda n: "x: " + "a" * n + "\nrun: modal run a.b\n",
        "blanks in a key": lambda n: "a" + " " * n + "\nrun: modal run a.b\n",
        "keys in a line": lambda n: "a: " * n + "modal run a.b\n",
        "keys in keys": staircase("a: modal run a.b\n"),
        "settings in settings": lambda n: "run: modal run $a\n" + staircase("env: b\n")(n),
        "lists of settings": lambda n: "run: modal run $a\nenv:\n  a: [" + "b, " * n + "]\n",
        "a folded block": lambda n: "run: >\n" + "  modal run a.b\n" * n,
        "a plain scalar": lambda n: "run: modal run a.b\n" + "  a\n" * n,
        "an open quote": lambda n: "run: '" + "a" * n + "\n" + " a\n" * n + "x: modal run\n",
        "lists of words": lambda n: "- modal\n- run\n- a.b\n" * n,
        "anchors": lambda n: "a: " + "&a " * n + "x\nrun: modal run a.b\n",
        "aliases": lambda n: "a: &a modal run a.b\n" + "b: *a\n" * n,
    },
    "a.sh": {
        "templates": lambda n: "modal run " + "{{" * n + "\n",
        "expressions": lambda n: "modal run " + "${{" * n + "\n",
        "variables": lambda n: "modal run " + "${" * n + "$(" * n + "\n",
        "a long word": lambda n: "modal run " + "a.b" * n + "!\n",
        "backslashes": lambda n: "modal run " + "\\" * n + "\n",
        "continued lines": lambda n: "modal run \\\n" * n + "a.b\n",
        "assignments": lambda n: "A=1 modal " * n + "run a.b\n",
        "prompts": lambda n: "$ " * n + "modal run a.b\n",
        "python -m": lambda n: "python -m " * n + "modal run a.b\n",
        "profiles": lambda n: "env " + "modal --profile " * n + "\n",
        "quoted words": lambda n: "bash " + "'modal run a.b' " * n + "\n",
        "modal in a word": lambda n: "modal" * n + " run a\n",
        "comments": lambda n: "#x\n" * n + "modal run a.b\n",
        "commands in a comment": lambda n: "# " + "modal run a.b " * n + "\n",
        "here documents": lambda n: "cat <<EOF\n" * n + "modal run a.b\n",
        "values in a line": lambda n: "modal run $A\n" + " A=b" * n + '"\n',
        "values that nothing closes": lambda n: "modal run $A\n" + ' A="(' * n + "\n",
        "arrays that nothing closes": lambda n: "modal run $A\n" + " A=(b" * n + "\n",
        "equals signs": lambda n: "modal run $A\n" + "A=" * n + '"\n',
        "loops": lambda n: "modal run $A\n" + "for A in " * n + "\n",
        "values of values": lambda n: "".join(f"A{i}=$A{i + 1}$A{i + 1}\n" for i in range(n)) + "modal run $A0\n",
        "many uses": lambda n: "A=b\nmodal run " + "$A" * n + "\n",
        "reading": lambda n: "modal run $A\n" + "read -a " * n + "\n",
    },
    "Makefile": {
        "recipes": lambda n: "\t@modal run a.b\n" * n,
        "settings": lambda n: "A = modal run a.b\n" * n,
        "a long name": lambda n: "A" * n + "\n\tmodal run a.b\n",
        "variables": lambda n: "\t$(MODAL) run a.b\n" * n,
        "values": lambda n: "A = " + "b " * n + "\n\tmodal run $(A)\n",
        "defaults": lambda n: "a " + "b='" * n + "\n\tmodal run {{b}}\n",
        "templates": lambda n: "A = " + "{{a" * n + "\n\tmodal run $(A)\n",
        "dollars in a header": lambda n: "A modal run " + "$" * n + "(A)\n",
    },
    "justfile": {
        "recipes": lambda n: "a:\n  @modal run a.b\n" * n,
        "settings": lambda n: "a := 'modal run a.b'\n" * n,
        "templates": lambda n: "a := '" + "{{a" * n + "'\nb:\n  modal run {{a}}\n",
        "values": lambda n: "a := '" + "b " * n + "'\nb:\n  modal run {{a}}\n",
        "dependencies": lambda n: "a: " + "b " * n + "\n  modal run a.b\n",
    },
    "Dockerfile": {
        "instructions": lambda n: "RUN modal run a.b\n" * n,
        "options": lambda n: "RUN " + "--a " * n + "CMD " * n + "modal run a.b\n",
        "lists": lambda n: 'CMD ["modal", "run", "a.b"]\n' * n,
    },
    "a.md": {
        "fences that nothing closes": lambda n: "```sh\nmodal run a.b\n" * n,
        "fences of every length": lambda n: (
            "".join("`" * i + "\n" for i in range(3, int((2 * n) ** 0.5) + 3)) + "modal run"
        ),
        "many small blocks": lambda n: "```py\nimport modal\nf(keep_warm=1)  # é\n```\n\nmodal `keep_warm`\n\n" * n,
        "many images in blocks": lambda n: (
            "```py\nimport modal\nimage = modal.Image.debian_slim()\n@app.function(image=image)\ndef f(): ...\n```\n"
            * n
        ),
        "files of sandboxes": lambda n: (
            "```py\nimport modal\nsb = modal.Sandbox.create()\nwith sb.open('a') as f:\n    f.read()\n```\n" * n
        ),
        "Markdown in Markdown": lambda n: (
            "".join("`" * i + "md\n" for i in range(int((2 * n) ** 0.5) + 3, 3, -1)) + "modal run"
        ),
        "backticks and a return": lambda n: "`" * n + "\r`modal run`\n",
        "block quotes": lambda n: "> " * n + "modal run `a.b`\n",
        "block quotes, a fence": lambda n: "> ```sh\n" + "> modal run a.b\n" * n,
        "lists in lists": lambda n: "- " * n + "1. " * n + "modal run `a.b`\n",
        "inline code": lambda n: "`modal run a.b` " * n + "\n",
        "inline code that nothing closes": lambda n: "``modal run `a.b " * n + "\n",
        "code over two lines that nothing closes": lambda n: "`modal run\n" * n + "``x\ny " * n,
        "line breaks in code": lambda n: "`" + "\n > " * n + "modal run a.b`\n",
        "lines of dots": lambda n: "```py\nimport modal\n(" + "...\n" * n + "f(a=1,\n" * n + "```\n",
        "comments of HTML": lambda n: "<!-- `modal run a.b`\n" * n + "<code>" * n,
        "variables": lambda n: "```\nA=b.c\n" + "modal run $A\nA=b.d\n" * n + "```\n",
        "old names in prose": lambda n: "modal\n" + "`keep_warm` `.lookup`\n" * n,
        "paragraphs of prose": lambda n: "modal `keep_warm`\n" + " \t " * n + "\n\nx <code>modal.gpu.T4(\n" * n,
        "definitions of links": lambda n: "[a]: modal run\n" * n,
        "blank lines in a block": lambda n: "```\n" + " \n" * n + "modal run\n```\n",
        "broken Python": lambda n: "```py\nimport modal\n" + "if x:\n  # y\n" * n + "(\n```\n",
    },
    "a.ts": {
        "comments that nothing closes": lambda n: "/*" * n + "modal run a.b\n",
        "texts that nothing closes": lambda n: "\"modal\\'" * n + "`\n" + "'`" * n,
        "texts of Python": lambda n: "`import modal keep_warm` " * n,
        "old names in a text": lambda n: "`import modal " + "keep_warm " * n + "`",
        "commands": lambda n: "modal run a.b " * n + "\n",
    },
    "a.rst": {
        "blanks": lambda n: " " * n + "x\nmodal run a.b\n",
        "literals": lambda n: "x::\n\n  modal run a.b\n\n" * n,
        "blank lines": lambda n: "x::\n" + "\n" * n + " modal run a.b\n",
        "options": lambda n: ".. code:: sh\n" + "  :a: b\n" * n + "\n  modal run a.b\n",
    },
    "a.ipynb": {
        "magics": lambda n: cells("import modal\n" + "%x\n" * n),
        "shell lines": lambda n: cells("import modal\n" + "!modal run a.b\n" * n),
        "magics in brackets": lambda n: cells("import modal\n" + "x = (1\n%x 2\n" * n),
        "many cells": lambda n: cells(
            "import modal\napp = modal.App()", *["@app.function(keep_warm=1)\ndef f(): ..."] * n
        ),
        "cells of prose": lambda n: cells(*["`modal run a.b`"] * n, kind="markdown"),
        "nested outputs": lambda n: (
            '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "import modal", "outputs": '
            + "[" * 400
            + '"a"'
            + ', "b"' * n
            + "]" * 400
            + "}]}"
        ),
        "escapes": lambda n: cells("import modal").replace("modal", "modal #" + "\\u0041" * n),
    },
    "a.py": {
        "commands in a comment": lambda n: "# " + "modal run a.b " * n + "\n",
        "commands in a string": lambda n: "x = '" + "modal deploy a.b " * n + "'\n",
        "comments": lambda n: "x = 1  # modal run a.b\n" * n,
        "comments between strings": lambda n: "x = ('modal run a.b'" + " #\n" * n + "'x')\n",
        "a hash run": lambda n: "x = 1 " + "#" * n + "\n# modal run\n",
        "holes of an f-string": lambda n: "x = f'modal run a.b" + "{x}" * n + "'\n",
        "imports": lambda n: "import modal\n" * n,
        "a name that one statement binds": lambda n: (
            "import modal\n" + "a = " * n + "modal.Mount.from_local_dir('a')\n"
        ),
        "imports in a line": lambda n: "import modal; " * n + "\n",
        "imports that nothing closes": lambda n: "import modal\nx = '''" + "import (a\n" * n + "'''\n",
        "continued imports": lambda n: "import modal\nx = '''" + "import a \\\n" * n + "'''\n",
        "lines that say one entry of a dict": lambda n: (
            "import modal\napp = modal.App()\nd = {}\n"
            + "d['keep_warm'] = 1\n" * n
            + "@app.function(**d)\ndef f(): ...\n"
        ),
        "an image that is bound anew": lambda n: (
            "import modal\napp = modal.App()\ni = modal.Image.debian_slim()\n"
            + "i = i.copy_local_file('a', '/a')\n" * n
            + "@app.function(image=i)\ndef f(): ...\n"
        ),
        "mounts that are bound anew": lambda n: (
            "import modal\napp = modal.App()\nm = []\n"
            + "m = m + [modal.Mount.from_local_dir('a')]\n" * n
            + "@app.function(mounts=m)\ndef f(): ...\n"
        ),
        "imports of an image": lambda n: (
            "import modal\ni = modal.Image.debian_slim()\n" + "with i.imports():\n    import a\n" * n
        ),
        "defaults": lambda n: (
            "import subprocess\nargs = p.parse_args()\np.add_argument('--a', default='a.b')\n"
            + "subprocess.run(['modal', 'run', args.a])\n" * n
        ),
        "declarations": lambda n: (
            "import subprocess\nargs = p.parse_args()\n"
            + "p.add_argument('--a', default='a.b')\nsubprocess.run(['modal', 'run', args.a])\n" * n
        ),
        "f-strings": lambda n: "import os\na = 'b'\n" + "os.system(f'modal run {a}.{a}')\n" * n,
        "arguments that are run": lambda n: "import os\ndef f(*c): os.system(c)\nf(" + "'modal run a.b', " * n + ")\n",
        "old names in comments": lambda n: "import modal\n" + "# `keep_warm` `web_endpoint`\n" * n,
        "old names in one comment": lambda n: "import modal\n# " + "`keep_warm` gpu=modal.gpu.T4( " * n + "\n",
        "old names in a docstring": lambda n: "import modal\n'''" + "`keep_warm`\nkeep_warm=1,\n" * n + "'''\n",
        "comments in a call": lambda n: "import modal\nf(\n" + " # keep_warm=1,\n 1,\n" * n + ")\n",
        "decorators": lambda n: "import modal\napp = modal.App()\n" + "@app.function()\n" * n + "def f(): ...\n",
        "comments in chains": lambda n: "from x import *\n" + "x.#" * n + "y\na.lookup\n",
        "calls in a line": lambda n: (
            "import modal\napp = modal.App()\nx = ['é', " + "app.function(keep_warm=1), " * n + "]\n"
        ),
        "lists": lambda n: "x = ['modal', 'run', 'a.b'" + ", 'modal'" * n + "]\n",
    },
}


def look_through(path: str, data: bytes) -> None:
    """Do all that a scan does with a file."""
    may_hold_modal(data, path)
    pins_of(path, data)
    list(statements(import_lines(data)))
    if language(path):
        list(in_other_language(SourceFile(path, data)))
        return
    with contextlib.suppress(Unreadable, ParseFailure):
        look_at(open_module(open_source(path, data)))


def seconds(path: str, data: bytes) -> float:
    """Return the processor time that a file takes."""
    before = time.process_time()
    with quietly():
        look_through(path, data)
    return time.process_time() - before
