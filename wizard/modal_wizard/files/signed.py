"""Records that only this account can have written: signed by a key that no repository knows.

What lies in a git directory may have come with it, in an archive say. What changes files is obeyed only when it is
signed by the key that this account keeps in its state folder.
"""

from __future__ import annotations

import functools
import hmac
import json
import os
import secrets
from pathlib import Path

from modal_wizard.files.safe_io import own_folder, read_own, sync_folder, write_durably
from modal_wizard.process.platform import user_state_folder
from modal_wizard.text.sanitize import visible

FOLDER = ".modal-wizard"
"""The folder of our own files in the user's state folder; older versions had one below the root as well."""
_KEY, _LENGTH = "key", 32


class NotSigned(ValueError):
    """A record that is not this account's; the message says which, and what else it may be."""


def user_folder() -> Path:
    """Return the folder in which what belongs to this account and to no repository is kept."""
    return Path(user_state_folder()) / FOLDER


def signature(about: str, data: bytes) -> str:
    """Return this account's signature of data; ``about`` says what the data is, so that none stands for another."""
    return hmac.new(_key(user_folder() / _KEY), about.encode() + b"\0" + data, "sha256").hexdigest()


def is_signed(about: str, data: bytes, given: str) -> bool:
    """Tell whether a signature is this account's."""
    return hmac.compare_digest(signature(about, data).encode(), given.encode("utf-8", "replace"))


def write_signed(place: Path, record: object) -> None:
    """Write a record of our own durably, with this account's signature; raises `OSError`."""
    text = json.dumps(record)
    signed = {"version": 2, "signed": signature(place.name, text.encode()), "record": text}
    write_durably(place, json.dumps(signed).encode())


def read_signed(place: Path) -> object:
    """Return a record as `write_signed` was given it, ``None`` when there is none.

    Raises `NotSigned` when it is not this account's, `ValueError` when it is no record, and `OSError`.
    """
    data = read_own(place)
    if data is None:
        return None
    try:
        signed = json.loads(data)
    except RecursionError as error:
        raise ValueError("it is no record") from error
    text = signed.get("record") if isinstance(signed, dict) else None
    if not isinstance(text, str) or not is_signed(place.name, text.encode("utf-8", "replace"), str(signed["signed"])):
        raise NotSigned(
            f"{visible(str(place))} was not written by this account: an older version of modal-wizard wrote it, "
            f"or it came with the repository{or_ours()}. Nothing of it was done"
        )
    return json.loads(text)


def key_problem() -> str:
    """Return why what is kept now will be nobody's for the next run; empty where this account has its key."""
    return _found(user_folder() / _KEY)[1]


def or_ours() -> str:
    """Return what else may be true of what is not signed, to go on a sentence with; empty where nothing is."""
    return f", or this account did, as {key_problem()}" if key_problem() else ""


def _key(place: Path) -> bytes:
    return _found(place)[0]


@functools.cache
def _found(place: Path) -> tuple[bytes, str]:
    """Return the key that this account signs by, made where there is none or a damaged one, and what is wrong with it.

    Where none can be kept it lasts as long as the program: what was signed by it is then nobody's for the next one.
    """
    try:
        if (found := _kept(place)) is None:
            own_folder(place.parent)
            _make(place)
            found = _kept(place)
        why = "it is damaged"
    except OSError as error:
        found, why = None, error.strerror or str(error)
    if found is not None:
        return found, ""
    return secrets.token_bytes(_LENGTH), f"the key that it is signed by cannot be kept in {visible(str(place))} ({why})"


def _kept(place: Path) -> bytes | None:
    key = read_own(place)
    return key if key is not None and len(key) == _LENGTH else None


def _make(place: Path) -> None:
    """Write a new key, whole or not at all, and never over one that another run makes in the same moment."""
    new = place.with_name(f"{_KEY}.{secrets.token_hex(8)}.tmp")
    write_durably(new, secrets.token_bytes(_LENGTH))
    try:
        os.link(new, place)
        sync_folder(place.parent)
    except FileExistsError:
        if _kept(place) is None:  # damaged: what it had signed is nobody's in any case
            os.replace(new, place)
    except OSError:  # a file system without other names for a file
        os.replace(new, place)
    finally:
        new.unlink(missing_ok=True)
