"""What reads like an object of ``modal.gpu``."""

from __future__ import annotations

import ast

from modal_transforms.modal_api.spellings import How, Spelling

_MODELS = frozenset("A100 A10G H100 H200 B200 L4 L40S T4 Any".split())


def _of_gpu(node: ast.AST) -> bool:
    owner = node.value if isinstance(node, ast.Attribute) else None
    return getattr(owner, "attr", getattr(owner, "id", "")) == "gpu"


OBJECTS = Spelling(How.MEMBER, _MODELS, when=_of_gpu, text=rf"\bgpu\.(?:{'|'.join(sorted(_MODELS))})\b")
