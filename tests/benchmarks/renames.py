"""What LibCST's own codemod runner does for the renames alone: the part of the work that needs no judgement."""

from __future__ import annotations

import libcst as cst
from libcst.codemod import VisitorBasedCodemodCommand
from libcst.metadata import QualifiedNameProvider

_KEYWORDS = {
    "keep_warm": "min_containers",
    "concurrency_limit": "max_containers",
    "container_idle_timeout": "scaledown_window",
}
_NAMES = {"modal.web_endpoint": "fastapi_endpoint"}
_METHODS = {"modal.Function.lookup", "modal.Cls.lookup", "modal.Volume.lookup", "modal.Dict.lookup"}


class Renames(VisitorBasedCodemodCommand):
    """Autoscaler parameters, web_endpoint and lookup, where names say that they are Modal's."""

    METADATA_DEPENDENCIES = (QualifiedNameProvider,)

    def _names(self, node: cst.CSTNode) -> set[str]:
        return {name.name for name in self.get_metadata(QualifiedNameProvider, node, set())}

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        """Rename a parameter."""
        keyword = updated_node.keyword
        if keyword is None or keyword.value not in _KEYWORDS:
            return updated_node
        return updated_node.with_changes(keyword=cst.Name(_KEYWORDS[keyword.value]))

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:
        """Rename what is read from the package."""
        names = self._names(original_node)
        for name in names & _NAMES.keys():
            return updated_node.with_changes(attr=cst.Name(_NAMES[name]))
        return updated_node.with_changes(attr=cst.Name("from_name")) if names & _METHODS else updated_node
