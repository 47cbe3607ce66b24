"""Read a plain file, and write one whole or not at all: nothing else puts a new file in place.

The bytes go to a temporary file in the same folder, which is then renamed: a rename within a
folder is atomic, so a reader, a crash or a kill sees the old file or the new one and never a
part. With ``sync`` the file and its folder are also flushed to the disk, so that the new file
outlives a power cut once the call has returned; what can be made again does without, since a
flush takes milliseconds.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.base.errors import StorageError

_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def read_file(path: Path) -> bytes:
    """Return the bytes of a plain file; ``OSError`` for a pipe, a device or a folder.

    To open a pipe is to wait until somebody writes to it, and a device may never end. So whatever
    has the name is opened without waiting, and looked at before it is read.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, "a folder, not a file", str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "a pipe or a device, not a file", str(path))
        with open(handle, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(handle)


@contextmanager
def explain_storage() -> Iterator[None]:
    """Raise ``StorageError`` where the disk is full or writing is forbidden.

    It says which file and what to do. Any other error stays what it is.
    """
    try:
        yield
    except OSError as error:
        if (words := explain_os_error(error)) is None:
            raise
        raise StorageError(words) from error


def explain_os_error(error: OSError) -> str | None:
    """Return in a sentence what to do about an error of the disk's; None for any other error."""
    remedy = suggest_remedy(error)
    if not remedy:
        return None
    where = f"{error.filename}: " if error.filename is not None else ""
    return f"{where}{error.strerror}. {remedy}"


def suggest_remedy(error: OSError) -> str:
    """Return what to do where the disk is full or writing is forbidden; else nothing."""
    if error.errno in _FULL:
        return "Free some disk space, then try again."
    if error.errno in _FORBIDDEN:
        return "Make the file and its folder writable, then try again."
    return ""


def write_file(
    path: Path, data: bytes | str, *, sync: bool = True, temporary: Path | None = None
) -> None:
    """Write the file in one step, in place of the one that is there.

    Missing folders are made, and a file that is replaced keeps its mode. Text is written as
    UTF-8, its line ends as they are. The temporary file has a name of its own unless the caller,
    who then holds a lock, gives one.
    """
    with _name_errors(path):
        _replace(path, data, sync, temporary)


def _replace(path: Path, data: bytes | str, sync: bool, temporary: Path | None) -> None:
    make_folder(path.parent, sync=sync)
    fresh = temporary or _name_temporary(path)
    try:
        # A name that is used again may have been left by a kill, or be a pipe by now.
        fresh.unlink(missing_ok=True)
        _fill(fresh, data, sync)
        _copy_mode(path, fresh)
        fresh.replace(path)
    except BaseException:  # also Ctrl-C: no temporary file stays
        fresh.unlink(missing_ok=True)
        raise
    if sync:
        sync_folder(path.parent)


def create_file(path: Path, data: bytes | str, *, sync: bool = True) -> bool:
    """Write the file in one step unless something has its name; return whether it was written."""
    with _name_errors(path):
        make_folder(path.parent, sync=sync)
        fresh = _name_temporary(path)
        try:
            _fill(fresh, data, sync)
            if not _link(fresh, path):
                return False
        finally:
            fresh.unlink(missing_ok=True)
        if sync:
            sync_folder(path.parent)
        return True


@contextmanager
def _name_errors(path: Path) -> Iterator[None]:
    """Give the file's name to an error that has none: a full disk is met while writing."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def make_folder(folder: Path, *, sync: bool = True) -> None:
    """Make the folder and those above it; with ``sync`` their names are flushed to the disk."""
    if folder.is_dir():
        return
    make_folder(folder.parent, sync=sync)
    folder.mkdir(exist_ok=True)
    if sync:
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Flush the folder's names to the disk; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _name_temporary(path: Path) -> Path:
    """Return a name that no other writer takes, hidden from whatever lists the folder.

    It does not contain the file's own name, which may be as long as a name can be.
    """
    return path.with_name(f".{os.urandom(8).hex()}.new")


def _fill(fresh: Path, data: bytes | str, sync: bool) -> None:
    raw = data.encode("utf-8") if isinstance(data, str) else data
    with fresh.open("xb") as file:
        file.write(raw)
        if sync:
            file.flush()
            os.fsync(file.fileno())


def _copy_mode(path: Path, fresh: Path) -> None:
    """Give the new file the mode of the file that it replaces; a link has none of its own."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISREG(mode):
        fresh.chmod(stat.S_IMODE(mode))


def _link(fresh: Path, path: Path) -> bool:
    """Give the written file its name, unless that is taken: unlike a rename, a link refuses."""
    try:
        os.link(fresh, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        return _claim(fresh, path)
    return True


def _claim(fresh: Path, path: Path) -> bool:
    """Take the name with an empty file, which nobody else can then do, and fill it by a rename."""
    try:
        path.open("xb").close()
    except FileExistsError:
        return False
    try:
        fresh.replace(path)
    except BaseException:
        path.unlink()
        raise
    return True
