"""Which file systems do not tell of changes, so that their files have to be looked at again."""

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


def silent(folder: Path, mounts: Iterable[Mount]) -> str:
    """The kind of file system that the folder lies on if it keeps changes to itself, or ``""``."""
    holding = [mount for mount in mounts if _holds(mount, folder)]
    if not holding:
        return ""
    mount = max(holding, key=lambda mount: len(PurePath(mount.mountpoint).parts))
    kind = mount.fstype.lower()
    told = kind in SILENT or kind.startswith("fuse.") or "remote" in mount.opts.split(",")
    return (kind or "remote") if told else ""


def silent_here(folder: Path) -> str:
    """The same, asked of this system."""
    import psutil

    try:
        return silent(folder.resolve(), psutil.disk_partitions(all=True))
    except (OSError, RuntimeError):
        return ""


def _holds(mount: Mount, folder: Path) -> bool:
    return folder.is_relative_to(mount.mountpoint)
