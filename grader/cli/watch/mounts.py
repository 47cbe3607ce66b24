"""Which file systems report no changes, so that their files have to be polled."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Protocol

SILENT = {
    *("nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "afs", "ncpfs"),
    *("webdav", "davfs", "ceph", "glusterfs", "lustre", "gfs2", "beegfs"),
    *("9p", "v9fs", "virtiofs", "vboxsf", "prl_fs", "vmhgfs", "drvfs", "wslfs", "lxfs"),
    *("fakeowner", "grpcfuse", "osxfs", "fuse", "osxfuse", "macfuse", "sshfs"),
}
"""Other machines' disks, and folders that a host shares with a guest."""


class Mount(Protocol):
    """A file system and the folder where it begins, as psutil gives it."""

    @property
    def mountpoint(self) -> str:
        """The folder."""

    @property
    def fstype(self) -> str:
        """The kind of file system."""

    @property
    def opts(self) -> str:
        """Its options; on Windows ``remote`` is one of them."""


def get_silent_kind(folder: Path, mounts: Iterable[Mount]) -> str:
    """Return the kind of the folder's file system if that reports no changes, else ``""``."""
    holding = [mount for mount in mounts if _holds(mount, folder)]
    if not holding:
        return ""
    mount = max(holding, key=lambda mount: len(PurePath(mount.mountpoint).parts))
    kind = mount.fstype.lower()
    is_silent = kind in SILENT or kind.startswith("fuse.") or "remote" in mount.opts.split(",")
    return (kind or "remote") if is_silent else ""


def detect_silent_kind(folder: Path) -> str:
    """Return the same, for the mounts of this system."""
    import psutil

    try:
        return get_silent_kind(folder.resolve(), psutil.disk_partitions(all=True))
    except (OSError, RuntimeError):
        return ""


def _holds(mount: Mount, folder: Path) -> bool:
    return folder.is_relative_to(mount.mountpoint)
