"""What is said of a copy, and what a person should look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec.structs import replace

from modal_transforms.analysis.calls import argument
from modal_transforms.analysis.definitions import origin
from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Finding, Replace, Span
from modal_transforms.modal_api.deployments import Deployed
from modal_transforms.modal_api.ignore_predicates import looks_at_names_only
from modal_transforms.sections.image_copy.call import Copy
from modal_transforms.sections.image_copy.choices import copy_choices, name_ignore
from modal_transforms.sections.image_copy.remote_path import target


def copy_finding(copy: Copy) -> Finding:
    """State what becomes of a copy."""
    module, call = copy.module, copy.call
    place = Span(copy.method.start, copy.span.end)
    evidence = explain(module, call.func)
    message = f"{copy.old} is now {copy.new}"
    local = argument(call, 0, "local_path")
    if local is None or _is_splatted(call):
        advice = f"Write {copy.new}(…, copy=True) with an absolute remote path."
        return module.finding("image-copy-splat", place, message, Applicability.MANUAL, (), evidence, advice)
    remote = argument(call, 1, "remote_path")
    meant = target(module, copy.name, local, remote, copy.is_file)
    common = (Replace(copy.path, copy.method, copy.new), *name_ignore(copy))
    choices = tuple(copy_choices(copy, meant, remote, common))
    doubts = [*filter(None, [meant.doubt]), *_doubts_of_ignore(copy)]
    if choices and choices[0].key == "mount":
        doubts.append("The files come in when a container starts, no longer by a layer of the image.")
    applicability = Applicability.REVIEW if doubts else Applicability.SAFE
    if not choices:
        advice = f"Write {copy.new}(…, copy=True) with an absolute remote path. {meant.doubt}"
        applicability = Applicability.MANUAL
    else:
        advice = " ".join(doubts) or _ignore_advice(call)
    return module.finding(meant.rule, place, message, applicability, choices, (*evidence, *meant.evidence), advice)


def _is_splatted(call: ast.Call) -> bool:
    return any(isinstance(item, ast.Starred) for item in call.args) or any(item.arg is None for item in call.keywords)


def _doubts_of_ignore(copy: Copy) -> Iterator[str]:
    """Yield what to look at where files are chosen by a predicate that judges by more than their names."""
    given = argument(copy.call, 2, "ignore")
    if given is not None and not _is_patterns(copy.module, given) and not looks_at_names_only(copy.module, given):
        yield f"The value of ignore= may judge by the whole path. {_ignore_advice(copy.call)}"


def _is_patterns(module: Module, node: ast.expr) -> bool:
    """Tell whether what is ignored is said by patterns: in a list, or by ``modal.FilePatternMatcher``."""
    home, value = origin(module, node)
    if isinstance(value, ast.UnaryOp):
        return _is_patterns(home, value.operand)
    matcher = isinstance(value, ast.Call) and home.symbol(value.func).endswith("FilePatternMatcher")
    return matcher or isinstance(value, (ast.List, ast.Tuple, ast.Constant))


def _ignore_advice(call: ast.Call) -> str:
    if argument(call, 2, "ignore") is None:
        return ""
    return "From 0.76.0 on, ignore gets paths relative to the added folder, no longer absolute ones."


def of_unseen_image(found: Finding, users: tuple[Deployed, ...]) -> Finding:
    """The image comes from code that is not there; that Modal functions run in it is why it is one."""
    if found.applicability is Applicability.MANUAL:
        return found
    reason = f"{users[0].name} runs in it: image= at line {users[0].call.lineno}"
    doubt = "Where the image comes from cannot be seen: check that it is a modal.Image."
    return replace(
        found,
        applicability=Applicability.REVIEW,
        evidence=(*found.evidence, reason),
        advice=f"{doubt} {found.advice}".strip(),
    )
