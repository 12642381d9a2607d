"""What a build method does: writes files, only fetches them, or loads what the container loads again."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec.structs import replace

from modal_transforms.analysis.calls import argument
from modal_transforms.analysis.definitions import origin
from modal_transforms.analysis.index import walk
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module
from modal_transforms.sections.build_decorator.frameworks import Download, downloads
from modal_transforms.sections.build_decorator.methods import ENTER, BuildMethod, helpers

_FETCHES = frozenset({"snapshot_download", "hf_hub_download", "download"})
"""What brings files into a cache and loads nothing into memory."""
_TIDIES = frozenset({"transformers.utils.move_cache", "transformers.utils.hub.move_cache"})
"""What moves the files of a cache that transformers before 4.22 wrote; in a newer cache it finds nothing to do."""
_WRITING = frozenset(
    "save save_pretrained save_file write_text write_bytes mkdir makedirs symlink_to urlretrieve copy copyfile "
    "copytree move extractall to_csv to_parquet save_to_disk dump".split()
)
_RUNS = frozenset({"os.system", "os.popen"})
_MODES = frozenset("wax+")
_SUBJECTS = ("repo_id", "pretrained_model_name_or_path", "model_name_or_path", "model", "model_path", "name")


def writes(method: BuildMethod) -> bool:
    """Tell whether a method writes files of its own, or runs a program, which may."""
    calls = (call for node in helpers(method) for call in walk(node) if isinstance(call, ast.Call))
    return any(_writes(method.module, call) for call in calls) or any(load.is_copy for load in downloads(method))


def _writes(module: Module, call: ast.Call) -> bool:
    path = qualified_name(module, call.func)
    if path in _RUNS or path.startswith("subprocess."):
        return True
    if isinstance(call.func, ast.Name) and call.func.id == "open":
        mode = argument(call, 1, "mode")
        return isinstance(mode, ast.Constant) and bool(_MODES & set(str(mode.value)))
    return isinstance(call.func, ast.Attribute) and call.func.attr in _WRITING and not path.startswith("copy.")


def only_tidies(method: BuildMethod) -> bool:
    """Tell whether a method calls nothing but what brings an old cache into its new form: that downloads nothing."""
    calls = [call for node in helpers(method) for call in walk(node) if isinstance(call, ast.Call)]
    own = {id(item) for each in method.node.decorator_list for item in walk(each)}
    names = {qualified_name(method.module, call.func) for call in calls if id(call) not in own}
    return bool(names) and names <= _TIDIES


def only_fetches(loads: tuple[Download, ...]) -> bool:
    """Tell whether downloads load nothing into memory, so that doing them again finds the files and is done."""
    return all(load.call.rpartition(".")[2] in _FETCHES for load in loads)


def is_loaded_again(method: BuildMethod, loads: tuple[Download, ...]) -> bool:
    """Tell whether the methods that run when a container starts load all that a build method downloads."""
    if not loads or writes(method):
        return False
    entered = [node for other in _enter_methods(method) for node in _calls(other)]
    subjects = {text for module, call in entered for text in _subjects(module, call)}
    return all(
        any(call is load.node for _, call in entered) or bool(subjects & set(_subjects(method.module, load.node)))
        for load in loads
    )


def _enter_methods(method: BuildMethod) -> Iterator[BuildMethod]:
    """Yield the methods under ``@modal.enter()`` of the class and of the classes of apps that inherit from it."""
    homes = [(method.module, method.owner)]
    homes += [(each.module, each.definition) for each in method.classes if isinstance(each.definition, ast.ClassDef)]
    for module, owner in dict.fromkeys(homes):
        for node in owner.body:
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or node is method.node:
                continue
            if any(symbol in ENTER for _, symbol in module.decorators(node)):
                yield replace(method, module=module, owner=owner, node=node)


def _calls(method: BuildMethod) -> Iterator[tuple[Module, ast.Call]]:
    for node in helpers(method):
        yield from ((method.module, call) for call in walk(node) if isinstance(call, ast.Call))


def _subjects(module: Module, call: ast.Call) -> Iterator[str]:
    """Yield what a call is about, its first argument, in a form that is the same for two calls about the same."""
    given = [*call.args[:1], *(item.value for item in call.keywords if item.arg in _SUBJECTS)]
    for node in given:
        home, value = origin(module, node)
        if isinstance(value, (ast.Constant, ast.Attribute, ast.Name, ast.JoinedStr, ast.Subscript)):
            yield f"{home.source.path if not isinstance(value, ast.Constant) else ''}:{ast.dump(value)}"
