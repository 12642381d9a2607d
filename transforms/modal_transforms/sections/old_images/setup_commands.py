"""``from_dockerhub(setup_commands=[...])``: shell commands before the rest, each a ``RUN`` of the Dockerfile."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modal_transforms.analysis.calls import keyword, keyword_name
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.string_literals import literal
from modal_transforms.core.model import Applicability, Change, Choice, Finding, Replace

_OLD, _NEW = "setup_commands", "setup_dockerfile_commands"
_TAKE = frozenset(f"modal.Image.from_{name}" for name in "dockerhub registry aws_ecr gcp_artifact_registry".split())


def find_setup_commands(module: Module) -> Iterator[Finding]:
    """Yield the images from a registry that shell commands set up."""
    for call in module.index.calls:
        given = keyword(call, _OLD)
        if given is None or module.symbol(call.func) not in _TAKE:
            continue
        changes = () if keyword(call, _NEW) else _changes(module, given)
        yield module.finding(
            "setup-commands",
            keyword_name(module, given),
            f"{_OLD}= has gone: {_NEW}= takes lines of a Dockerfile",
            Applicability.REVIEW if changes else Applicability.MANUAL,
            (Choice("lines", f"write {_NEW}=, with RUN", "The same commands, at the same place.", changes),)
            if changes
            else (),
            explain(module, call.func),
            "" if changes else f'Write {_NEW}=["RUN ...", ...], with the same commands.',
            breaks_in="0.50.2539",
        )


def _changes(module: Module, given: ast.keyword) -> tuple[Change, ...]:
    """Return what makes each command a line of a Dockerfile; nothing where one is not written here."""
    source, commands = module.source, given.value
    written = [literal(source, each) for each in commands.elts] if isinstance(commands, (ast.List, ast.Tuple)) else []
    places = [each.spans[0] for each in written if each is not None and each.text]
    if not written or len(places) < len(written):
        return ()
    renamed = Replace(source.path, source.span(given)._replace(end=source.span(given).start + len(_OLD)), _NEW)
    runs = (Replace(source.path, place._replace(end=place.start), "RUN ") for place in places)
    return (renamed, *runs)
