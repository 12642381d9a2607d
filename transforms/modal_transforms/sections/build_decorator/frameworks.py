"""Libraries that keep what they download in a cache of their own, recognised by imports and calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from modal_transforms.analysis.index import walk
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.sections.build_decorator.methods import BuildMethod, helpers

_HUB = frozenset(
    "transformers diffusers huggingface_hub sentence_transformers vllm peft optimum setfit tokenizers faster_whisper "
    "infinity_emb FlagEmbedding colpali_engine gliner open_clip text_generation outlines".split()
)
_DIRECTORIES = frozenset({"cache_dir", "local_dir", "cache_folder", "download_root", "download_dir", "model_dir"})
_LOADS = ("from_pretrained", "snapshot_download", "hf_hub_download")


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
    line: int
    directory: ast.expr | None


def downloads(method: BuildMethod) -> tuple[Download, ...]:
    """Return the calls of a build method, and of the methods that it calls, that fill a known cache."""
    return tuple(found for node in helpers(method) for found in _in(method, node))


def _in(method: BuildMethod, node: ast.AST) -> Iterator[Download]:
    for call in walk(node):
        if not isinstance(call, ast.Call):
            continue
        path = qualified_name(method.module, call.func)
        framework = _framework(path)
        if framework is not None:
            given = next((item.value for item in call.keywords if item.arg in _DIRECTORIES), None)
            yield Download(framework, path, call.lineno, given)


def _framework(path: str) -> Framework | None:
    for prefix, framework in _BY_PREFIX:
        if path == prefix or path.startswith(f"{prefix}."):
            return framework
    root = path.partition(".")[0]
    if root in _HUB or (path.endswith(_LOADS) and root not in {"", "modal"}):
        return HUB
    return None
