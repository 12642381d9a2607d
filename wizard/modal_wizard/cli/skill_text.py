"""The instructions for agents: the steps in our words, and every command and option from its own parser."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator

from modal_transforms.core.target import TARGET
from modal_wizard import __version__
from modal_wizard.cli.every import described, every_parser

_BEGIN = f"""\
---
name: modal-wizard
description: Bring Python code written for an older Modal SDK to modal {TARGET} with the command modal-wizard. Use it \
when code imports modal and warns of deprecations, breaks after an upgrade of modal, or is to be upgraded. Edits are \
exact, one commit a section of Modal's migration guide; decisions go in as JSON.
---

# modal-wizard

Scan, decide in a file, apply, verify. Do not rewrite by hand what a choice offers: the edits know imports, aliases,
other files, notebooks and commands. Results are on standard output, everything else on standard error. Only the bare
command has screens; where a variable such as AI_AGENT is set, it tells how the repository stands instead.

## Steps

1. See what there is. Each finding has an `id`, a `rule`, a `section`, its `sites` and `choices`; `applicability` is
   `safe` (the meaning is kept), `review` (look at it) or `manual` (advice only: do it by hand). Exit code 1: findings.

```sh
modal-wizard scan --format json > plan.json
modal-wizard explain gpu
modal-wizard schema plan
```

2. Decide. Read the code around every `review` finding; `effect` says what each choice does at run time. Ask the person
   where it is a matter of taste or of deployment. An `id` wins over a `rule`, that over a `section`, a later entry over
   an earlier; what nothing names is left alone.

```json
{{"version": 1, "decisions": [
  {{"section": "gpu", "choice": "string"}},
  {{"rule": "autoscaler-rename", "choice": "rename", "note": "why, for the person"}},
  {{"id": "0123456789ab", "skip": "the reason"}}]}}
```

```sh
modal-wizard schema decisions
```

3. Look at the difference, with the safe rest or without it. A file that does not fit is refused whole (exit code 2),
   with its lines and the nearest right thing.

```sh
modal-wizard apply --decisions decisions.json --diff
modal-wizard apply --decisions decisions.json --safe --diff
```

4. Write it: a commit a section, hooks and signing included, and one outcome a line (`applied`, `skipped`, `stale`,
   `conflict`, `refused`). Files with uncommitted changes are refused unless --allow-dirty says so; nothing is pushed.

```sh
modal-wizard apply --decisions decisions.json --commit --format json
modal-wizard apply --safe --commit --check 'pytest -q'
```

5. Scan again: what one section wrote may show more. Then do what is `manual` by hand, raise the required version, and
   prove it: --raise-pin raises every requirement of modal in a last commit, and names what only its tool or a person
   can raise. `verify` runs the repository's code at import, in copies without network: ask the person first.

```sh
modal-wizard scan --format json
modal-wizard apply --safe --commit --raise-pin
modal-wizard verify --format json
```

What was written is taken back by `git revert` of its commits, without a commit by:

```sh
modal-wizard restore --list
modal-wizard restore --diff
```

Exit codes: scan 0 nothing found, 1 findings, 2 something could not be read, 3 both; apply 1 findings remain, 2
something failed or was refused, 3 both; verify 1 the newest SDK refuses a module, 2 one could not be judged, 3 both.
Bad usage 2.

## Every command and option
"""
_END = "<!-- modal-wizard {version} made this; sha256 of all above: {digest} -->\n"


def skill_text() -> str:
    """Return the instructions, with a last line that says who made them."""
    body = "\n".join([_BEGIN, *(line for name, parser in every_parser() for line in _command(name, parser)), ""])
    return body + _END.format(version=__version__, digest=_digest(body.encode()))


def is_ours(data: bytes) -> bool:
    """Tell whether a file is as some version of this program wrote it."""
    body, line = data.rpartition(b"<!-- modal-wizard ")[::2]
    return bool(body) and line.endswith(f"sha256 of all above: {_digest(body)} -->\n".encode())


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _command(name: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield a command with what it takes."""
    taken = described(parser)
    places = " ".join(_named(action) for action in taken if not action.option_strings)
    yield f"### `{' '.join(filter(None, ['modal-wizard', name, places]))}`"
    yield ""
    yield " ".join((parser.description or "").split())
    yield ""
    yield from (f"- `{_named(action)}`: {_about(action)}" for action in taken)
    yield ""


def _named(action: argparse.Action) -> str:
    """Return how an argument is typed."""
    value = "|".join(map(str, action.choices)) if action.choices else str(action.metavar or "")
    if action.option_strings:
        return f"{action.option_strings[0]} {value}".rstrip()
    several = " ..." if action.nargs == "*" else ""
    return value + several if action.nargs is None else f"[{value}{several}]"


def _about(action: argparse.Action) -> str:
    if isinstance(action, argparse._VersionAction):
        return "print the version"
    return " ".join((action.help or "what is printed").split())
