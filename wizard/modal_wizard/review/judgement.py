"""What helps to decide between several rewrites: why the first one is recommended, and which evidence decides."""

from __future__ import annotations

from modal_transforms.core.model import Finding
from modal_transforms.core.patterns import pattern

_KEEPS = "it keeps what runs today"
_LAYER = "it keeps the files in the image, where later build steps see them"
_VOLUME = "it is the guide's way: what is downloaded belongs into a Volume"
_EXISTS = "it keeps what was called, without a new meaning"
_OTHER_FILES = "the files that lie beside the modules come along, as they did"
_ONE_PLACE = "one place serves everything that uses the image"
_WHY = {
    ("app-objects", "imports"): "the imports stay what only containers of this image run, as so far",
    ("autoscaler", "delete"): "it has had no effect where it stands",
    ("autoscaler", "fit"): "it is the value nearest to yours that deploys",
    ("autoscaler", "old"): "it is the value that holds today",
    ("autoscaler", "update"): "it runs on every 1.x, not only on the newest",
    ("build", "enter-only"): "nothing is downloaded for the image to hold",
    ("build", "remove"): "nothing is downloaded for the image to hold",
    ("build", "run-function"): "it keeps what runs today: the files are built into the image",
    ("build", "volume"): _VOLUME,
    ("build", "volume-function"): _VOLUME,
    ("cls-lookup", "above"): _EXISTS,
    ("cls-lookup", "hydrate"): "Modal is asked where it was asked before",
    ("cls-lookup", "instance"): "it is the guide's way, and nothing here needs Modal to be asked at once",
    ("concurrent", "delete"): "it keeps one input at a time",
    ("fastapi-endpoint", "alias"): "code elsewhere may take the old name from here",
    ("fastapi-endpoint", "rename"): "all code in sight follows",
    ("image-copy", "copy"): _LAYER,
    ("image-copy", "file"): f"the target reads like a file, and {_LAYER}",
    ("image-copy", "folder"): f"the target is a folder, and {_LAYER}",
    ("image-copy", "mount"): "no build step needs the files, and changing them rebuilds nothing",
    ("local-source", "add"): _ONE_PLACE,
    ("local-source", "all-files"): _OTHER_FILES,
    ("local-source", "copy-all-files"): _OTHER_FILES,
    ("lookup", "call"): _EXISTS,
    ("lookup", "fill"): "the data still reaches a new Dict",
    ("lookup", "from-name"): "it is the guide's way, and nothing here needs Modal to be asked at once",
    ("lookup", "hydrate"): "the code around it needs Modal to be asked at once",
    ("module-mode", "module"): "it runs what it ran before",
    ("mount", "add"): _ONE_PLACE,
    ("mount", "folder"): "COPY and ADD go on finding what was mounted",
    ("old-calls", "here"): "it runs here, as it did until 0.55",
    ("old-calls", "in-container"): "the app is started here for it",
    ("old-calls", "local"): "it runs what get_raw_f gave, here as before",
    ("old-calls", "remote"): "no generator is in sight",
    ("python-version", "python3.11"): "it is the nearest to the Python of today",
    ("sandbox-files", "make"): _KEEPS,
    ("sandbox-files", "names"): _KEEPS,
    ("secrets", "list"): "nothing in sight makes it None",
}
_PROVENANCE = pattern(r"`[^`]+` (\(line \d+\) )?is (an? )?(annotated as a |imported from )?modal\b|`[^`]+` is imported")


def why_recommended(finding: Finding) -> str:
    """Return why the first choice of a finding is the recommended one; empty where there is nothing to choose."""
    if len(finding.choices) < 2:
        return ""
    return _WHY.get((finding.section, finding.choices[0].key), _KEEPS)


def deciding(finding: Finding) -> list[str]:
    """Return the evidence that speaks for one choice or another."""
    return [line for line in finding.evidence if not _PROVENANCE.match(line)]


def no_choice(finding: Finding | None, number: int) -> str:
    """Return what to say where there is no choice of a number."""
    many = len(finding.choices) if finding else 0
    there = f"there are {many}" if many > 1 else "there is one change" if many else "this is done by hand"
    return f"There is no choice {number} here: {there}."
