"""Libraries that keep what they download in a cache of their own, recognised by imports and calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.definitions import origin
from modal_transforms.analysis.index import walk
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module
from modal_transforms.analysis.paths import is_path_object
from modal_transforms.sections.build_decorator.methods import BuildMethod, helpers

_HUB = frozenset(
    "transformers diffusers huggingface_hub sentence_transformers vllm peft optimum setfit tokenizers faster_whisper "
    "infinity_emb FlagEmbedding colpali_engine gliner open_clip text_generation outlines".split()
)
_DIRECTORIES = frozenset({"cache_dir", "local_dir", "cache_folder", "download_root", "download_dir", "model_dir"})
_LOADS = frozenset(
    "from_pretrained from_quantized from_single_file from_args from_engine_args snapshot_download hf_hub_download "
    "pipeline load_model create_model create_model_and_transforms create_model_from_pretrained load_dataset".split()
)
"""Functions and class methods of these libraries that fetch what they are asked for."""
_NO_MODEL = ("Config", "Args", "Arguments", "Params", "Criteria", "Api", "Error", "Collator")
"""Ends of the names of classes whose constructors fetch nothing."""
_PATH_STARTS = ("/", ".", "~")


class Framework(Struct, frozen=True):
    """A library (or family of them) and the environment variable that says where its cache is."""

    name: str
    variable: str
    folder: str
    """A name for its part of a volume that several share."""
    default: str = ""
    """Where the cache is when the variable is not set."""


HUB = Framework("Hugging Face", "HF_HUB_CACHE", "huggingface", "/root/.cache/huggingface/hub")
DATASETS = Framework("Hugging Face datasets", "HF_HOME", "huggingface", "/root/.cache/huggingface")
TORCH = Framework("torch hub", "TORCH_HOME", "torch", "/root/.cache/torch")
WHISPER = Framework("whisper", "XDG_CACHE_HOME", "whisper", "/root/.cache")
NLTK = Framework("nltk", "NLTK_DATA", "nltk", "/root/nltk_data")
TIKTOKEN = Framework("tiktoken", "TIKTOKEN_CACHE_DIR", "tiktoken")
EASYOCR = Framework("easyocr", "EASYOCR_MODULE_PATH", "easyocr", "/root/.EasyOCR")

_BY_PREFIX = (
    ("datasets", DATASETS),
    ("torch.hub", TORCH),
    ("torchvision.models", TORCH),
    ("timm", TORCH),
    ("whisper.load_model", WHISPER),
    ("nltk.download", NLTK),
    ("tiktoken", TIKTOKEN),
    ("easyocr", EASYOCR),
)


class Download(Struct, frozen=True):
    """A call that fills a cache: whose, how that is known, and the directory that it is told to use, if any."""

    framework: Framework
    call: str
    node: ast.Call
    directory: ast.expr | None
    is_copy: bool = False
    """Whether it puts files into a folder of its own choice, which is no cache."""

    @property
    def line(self) -> int:
        """The line of the call."""
        return self.node.lineno


def downloads(method: BuildMethod) -> tuple[Download, ...]:
    """Return the calls of a build method, and of the methods that it calls, that fill a known cache."""
    return tuple(found for node in helpers(method) for found in _in(method, node))


def _in(method: BuildMethod, node: ast.AST) -> Iterator[Download]:
    for call in walk(node):
        if not isinstance(call, ast.Call):
            continue
        path = qualified_name(method.module, call.func)
        framework = _framework(path)
        if framework is not None and not _is_local(method.module, call):
            given = next((item for item in call.keywords if item.arg in _DIRECTORIES), None)
            where = given.value if given is not None else None
            yield Download(framework, path, call, where, given is not None and given.arg == "local_dir")


def _is_local(module: Module, call: ast.Call) -> bool:
    """Tell whether a call reads from a path on disk, which no cache holds."""
    if not call.args:
        return False
    first = origin(module, call.args[0])[1]
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        return first.value.startswith(_PATH_STARTS)
    return is_path_object(module, call.args[0])


def _framework(path: str) -> Framework | None:
    for prefix, framework in _BY_PREFIX:
        if path == prefix or path.startswith(f"{prefix}."):
            return framework
    root, _, rest = path.partition(".")
    name = rest.rpartition(".")[2]
    is_load = name in _LOADS or (root in _HUB and name[:1].isupper() and not name.endswith(_NO_MODEL))
    if not is_load or root in {"", "modal"}:
        return None
    return HUB if root in _HUB or name in {"from_pretrained", "snapshot_download", "hf_hub_download"} else None
