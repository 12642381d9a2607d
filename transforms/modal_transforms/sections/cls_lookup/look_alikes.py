"""What reads like a method of a deployed class without an instance."""

from __future__ import annotations

import ast

from modal_transforms.modal_api.spellings import How, Spelling

_CALLS = frozenset("remote remote_gen spawn map starmap for_each local web_url".split())
_PROSE = r"\b[A-Z]\w*\.\w+\.(?:remote|spawn|starmap|for_each)\b"
_NAMED = r"Function\.\w+\([^)\n]*[\"']\w+\.\w+[\"']"


def _of_a_class(node: ast.AST) -> bool:
    """Tell whether ``node`` is read from what reads like a class: ``Model.run.remote``."""
    owner = node.value if isinstance(node, ast.Attribute) else None
    return isinstance(owner, ast.Attribute) and isinstance(owner.value, ast.Name) and owner.value.id[:1].isupper()


def _names_a_method(node: ast.AST) -> bool:
    """Tell whether the last of a call's plain arguments is a text with a dot inside."""
    last = node.args[-1] if isinstance(node, ast.Call) and len(node.args) > 1 else None
    return isinstance(last, ast.Constant) and isinstance(last.value, str) and "." in last.value.strip(".")


OF_CLASSES = Spelling(How.MEMBER, _CALLS, when=_of_a_class, text=_PROSE)
BY_NAME = Spelling(How.METHOD, frozenset({"from_name", "lookup"}), when=_names_a_method, text=_NAMED)
