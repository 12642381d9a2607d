"""Walk a tree and read every file that the wizard would look at: what no scan can beat; and what none can leave out.

Prints how many there were, for whoever checks that the two read the same.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

ENDINGS = frozenset(
    ["", ".py", ".ipynb", ".md", ".markdown", ".mdx", ".rst", ".sh", ".bash", ".zsh", ".fish", ".mk", ".mak", ".just"]
    + [".yml", ".yaml", ".toml", ".ini", ".cfg", ".bat", ".cmd", ".ps1"]
)
NAMES = ("makefile", "dockerfile", "procfile", "package.json", "tasks.json", "devcontainer.json")


WHAT_ANY_SCAN_LOADS = ("modal_wizard.cli.main", "modal_wizard.cli.scan", "modal_wizard.scan.scanner")


def contents(root: str) -> Iterator[tuple[str, bytes]]:
    """Walk and read; yield the name and the bytes of each file."""
    for folder, folders, files in os.walk(root):
        if ".git" in folders:
            folders.remove(".git")
        for name in files:
            if os.path.splitext(name)[1] in ENDINGS or name.lower().startswith(NAMES):
                with open(os.path.join(folder, name), "rb") as file:
                    yield name, file.read()


def main(root: str, steps: int = 1) -> int:
    """Read all files; return how many these are. With more ``steps``, do what a scan cannot do without besides.

    2: load the modules that any scan does. 3: look for one word in each file. 4: parse those that import Modal.
    """
    for module in WHAT_ANY_SCAN_LOADS if steps > 1 else ():
        __import__(module)
    if steps > 3:
        import ast  # which is loaded already
    count = 0
    for name, data in contents(root):
        count += 1
        says = steps > 2 and b"modal" in data
        if says and steps > 3 and name.endswith(".py") and (b"import modal" in data or b"from modal" in data):
            ast.parse(data)
    return count


if __name__ == "__main__":
    print(main(sys.argv[1], *map(int, sys.argv[2:])))
