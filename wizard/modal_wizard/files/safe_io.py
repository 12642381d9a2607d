"""Files of the person's tree, read and replaced with nothing followed out of the root and nothing half-written."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath

from modal_wizard.process.platform import BINARY, NO_FOLLOW, exchange, is_plain_name, locked, user_state_folder


class UnsafePath(Exception):
    """A path that is not written; the message is the reason."""


def resolve_inside(root: Path, path: str) -> Path:
    """Return where ``path`` is below the root; raises `UnsafePath` when the way there is not plain folders."""
    return Path(_inside(root, path))


def _inside(root: Path, path: str) -> str:
    parts = check_below(path)
    at = os.fspath(root)
    for part in parts[:-1]:
        at = os.path.join(at, part)
        try:
            mode = os.lstat(at).st_mode
        except OSError as error:
            raise UnsafePath(f"its folder cannot be reached ({error.strerror})") from error
        if not stat.S_ISDIR(mode):
            raise UnsafePath(
                f"the way there leads through {'a link' if stat.S_ISLNK(mode) else 'something else'}, {part}"
            )
    return os.path.join(at, parts[-1])


@lru_cache(1024)
def check_below(path: str) -> tuple[str, ...]:
    """Return the parts of a path; raises `UnsafePath` for one that is not below the root, or not the person's alone."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\0" in path or Path(path).is_absolute():
        raise UnsafePath("it is not a path below the root")
    if any(part.lower() == ".git" for part in parts):
        raise UnsafePath("it belongs to git")
    if not all(map(is_plain_name, parts)):
        raise UnsafePath("this system reads its name as another one")
    return parts


def read(root: Path, path: str) -> bytes:
    """Return the bytes of a regular file below the root; raises `UnsafePath` for anything else."""
    place = _inside(root, path)
    try:
        mode = os.lstat(place).st_mode
        if not stat.S_ISREG(mode):
            raise UnsafePath("it is a symbolic link" if stat.S_ISLNK(mode) else "it is not a regular file")
        with os.fdopen(os.open(place, os.O_RDONLY | BINARY | NO_FOLLOW), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UnsafePath("it is not a regular file")
            return file.read()
    except FileNotFoundError as error:
        raise UnsafePath("it is gone") from error
    except OSError as error:
        raise UnsafePath(f"it cannot be read ({error.strerror})") from error


def is_missing(root: Path, path: str) -> bool:
    """Tell whether nothing is at ``path``, and nothing but plain folders on the way there."""
    at = root
    for part in PurePosixPath(path).parts:
        if at.is_symlink() or not at.is_dir():
            return False
        at = at / part
        if not os.path.lexists(at):
            return True
    return False


def check_writable(place: Path) -> None:
    """Raise `UnsafePath` when the file or its folder may not be written."""
    if not os.access(place, os.W_OK):
        raise UnsafePath("it is read-only")
    if not os.access(place.parent, os.W_OK | os.X_OK):
        raise UnsafePath("its folder is read-only")


def temporary_name(path: str) -> str:
    """Return a new name beside ``path`` (relative to the root) for a file that will take its place."""
    pure = PurePosixPath(path)
    return str(pure.with_name(f".modal-wizard-{os.urandom(8).hex()}.tmp"))


def write_temporary(place: Path, temporary: Path, data: bytes) -> None:
    """Write ``data`` to the new file ``temporary``, on the disk, with the mode and owner of ``place``."""
    kept = place.lstat()
    with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | BINARY, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        _keep(kept, place, temporary)
        os.fsync(file.fileno())


def create(root: Path, path: str, data: bytes, *, executable: bool) -> None:
    """Write a file that is not there, and its folders; raises `UnsafePath` or `OSError`."""
    at = root
    for part in PurePosixPath(path).parts[:-1]:
        at = at / part
        with contextlib.suppress(FileExistsError):
            resolve_inside(root, at.relative_to(root).as_posix()).mkdir()
    place = resolve_inside(root, path)
    temporary = root / temporary_name(path)
    try:
        with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | BINARY, 0o666), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if executable:
            mode = temporary.stat().st_mode
            temporary.chmod(mode | (mode & 0o444) >> 2)
        os.link(temporary, place)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(place.parent)


def _keep(kept: os.stat_result, place: Path, temporary: Path) -> None:
    if hasattr(os, "chown"):
        own = temporary.stat()
        if (own.st_uid, own.st_gid) != (kept.st_uid, kept.st_gid):
            with contextlib.suppress(OSError):
                os.chown(temporary, kept.st_uid, kept.st_gid)
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):
            for name in os.listxattr(place, follow_symlinks=False):
                os.setxattr(temporary, name, os.getxattr(place, name, follow_symlinks=False))
    os.chmod(temporary, stat.S_IMODE(kept.st_mode))


def replace(temporary: Path, place: Path) -> None:
    """Let ``temporary`` and ``place`` change places at once; `sync_folder` has that on the disk.

    What was at ``place`` is not lost: whoever saves it in the very moment finds it under the name of ``temporary``.
    """
    if not exchange(str(temporary), str(place)):
        aside = temporary.with_name(f"{temporary.name}.old")
        try:
            os.link(place, aside)
        except OSError:  # a file system without other names for a file
            write_temporary(place, aside, place.read_bytes())
        os.replace(temporary, place)
        os.replace(aside, temporary)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, where the system can do that."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_durably(place: Path, data: bytes) -> None:
    """Write a file of our own so that it is whole or not there, whenever the power goes."""
    _make_folder(place.parent)
    temporary = place.with_name(f"{place.name}.{os.urandom(8).hex()}.tmp")
    try:
        with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | BINARY, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, place)
        sync_folder(place.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def resolve_named(root: Path, place: Path) -> Path:
    """Return where a file is that the person named, wherever; below ``root`` no link is followed on the way to it.

    Raises `UnsafePath`, also for what is no plain file.
    """
    at = Path(os.path.abspath(place))
    real = at.parent.resolve() / at.name
    for inside in (at, real):
        if inside.is_relative_to(root):
            at = resolve_inside(root, inside.relative_to(root).as_posix())
            if at.is_symlink():
                raise UnsafePath("it is a symbolic link")
            break
    if at.exists() and not at.is_file():
        raise UnsafePath("it is not a regular file")
    return at


def replace_named(root: Path, place: Path, data: bytes) -> None:
    """Write a file that the person named, wherever, so that it is old or new at any moment.

    Below ``root`` no link is followed on the way to it. Raises `UnsafePath` or `OSError`, with all as it was.
    """
    at = resolve_named(root, place)
    if at.is_symlink():  # one outside of the root, the person's own
        at = resolve_named(root, at.resolve())
    temporary = at.with_name(temporary_name(at.name))
    try:
        if at.exists():
            write_temporary(at, temporary, data)
        else:
            with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | BINARY, 0o666), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        os.replace(temporary, at)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(at.parent)


def own_folder(folder: Path) -> None:
    """Make a folder of our own; raises `OSError` when something else, such as a link, is in its place."""
    _make_folder(folder)
    if not stat.S_ISDIR(folder.lstat().st_mode):
        raise OSError(errno.ENOTDIR, "it is a link, not a folder")


def _make_folder(folder: Path) -> None:
    """Make a folder; those on the way to it only in the user's state folder: a git directory may have been deleted."""
    folder.mkdir(mode=0o700, parents=folder.is_relative_to(user_state_folder()), exist_ok=True)


LARGEST = 1 << 29
"""Bytes of a file of our own, or of git's, at the most: a sparse file takes no room, and all memory when it is read."""


def read_own(place: Path) -> bytes | None:
    """Return a file of our own, None when there is none; a link, a pipe or a device is none of ours (`OSError`)."""
    try:
        handle = os.open(place, os.O_RDONLY | BINARY | NO_FOLLOW)
    except FileNotFoundError:
        return None
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or place.parent.is_symlink():
            raise OSError(errno.EINVAL, "it is not a file of ours")
        if found.st_size > LARGEST:
            raise OSError(errno.EFBIG, "it is too large to be a file of ours")
        return file.read()


_HELD: set[Path] = set()
"""Folders whose lock this process has."""


@contextlib.contextmanager
def directory_lock(folder: Path) -> Iterator[bool]:
    """Hold the folder's lock as long as the block runs; yields False when another process holds it.

    The system lets go of it when a process ends, however it ends. Within a block that holds it, others hold it too.
    """
    if folder in _HELD:
        yield True
        return
    own_folder(folder)
    handle = os.open(folder / "lock", os.O_CREAT | os.O_RDWR | BINARY | NO_FOLLOW, 0o600)
    try:
        with locked(handle) as mine:
            if mine:
                _HELD.add(folder)
            yield mine
    finally:
        _HELD.discard(folder)
        os.close(handle)
