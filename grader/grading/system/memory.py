"""Memory: how much address space a process may take, where the system can limit it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from pathlib import Path

import psutil

M_MMAP_THRESHOLD = -3
"""glibc's name, in malloc.h, of the size from which a block is a mapping of its own."""
LARGE_BLOCK = 128 << 10


def limit_memory(megabytes: int) -> None:
    """Allow this process, for good, so many MiB more than it has now."""
    if sys.platform == "win32":
        return
    import resource

    # A crash is reported as a crash; writing its gigabytes of memory to the disk helps nobody.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The limit is relative. A worker is a fork of a process that has torch loaded, which takes
    # gigabytes of addresses (not of memory), and how many differs between builds of torch.
    # RLIMIT_AS, because Linux ignores RLIMIT_RSS: addresses are what can be limited.
    allowed = _measure_memory(private=False) + megabytes * 1024 * 1024
    with contextlib.suppress(ValueError, OSError):  # macOS knows no such limit
        # The hard limit too, so that the learner's code cannot raise it again.
        resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))


def limit_memory_of(pid: int, megabytes: int, private: bool = False) -> bool:
    """Allow another process, for good, so many MiB more than it has now; return whether it is so.

    Set from outside, and the hard limit with it, so that the code in that process can neither
    prevent it nor raise the limit again. False where the system has no such call (all but Linux).
    ``private`` counts the memory that is the process's own, and none of a file that it has mapped.
    """
    if sys.platform != "linux":
        return False
    import resource

    kind = _get_kind(private)
    try:
        _, hard = resource.prlimit(pid, kind)
        allowed = _measure_memory(private, pid) + megabytes * 1024 * 1024
        if hard != resource.RLIM_INFINITY:
            allowed = min(allowed, hard)
        resource.prlimit(pid, kind, (allowed, allowed))
    except (OSError, ValueError, psutil.Error):
        return False
    return True


def narrow_memory(megabytes: int, private: bool = False) -> None:
    """Allow this process so many MiB more than it has now, until ``widen_memory``."""
    _unmap_freed_blocks()
    _set_soft_limit(private, _measure_memory(private) + megabytes * 1024 * 1024)


def widen_memory() -> None:
    """Allow this process again all that its hard limits allow."""
    for private in (False, True):
        _set_soft_limit(private, None)


def _unmap_freed_blocks() -> None:
    """Let every large block that is freed go back to the system at once.

    malloc would keep it, from a size on that grows to 32 MiB, for later blocks; and a small block
    that is cut from it makes it too small for the next large one. By chance, a loop that needs
    little could then take as much memory as if it freed nothing.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # not every C library has it
            ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)


def _set_soft_limit(private: bool, allowed: int | None) -> None:
    """Set the soft limit of address space or of private memory; None for the hard one."""
    if sys.platform == "win32":
        return
    import resource

    # Only the soft limit moves: a process may lower it and raise it again, up to the hard one.
    kind = _get_kind(private)
    soft, hard = resource.getrlimit(kind)
    wanted = hard if allowed is None else allowed
    if wanted != soft:  # most checks ask for no limit, and each one ends by widening
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (wanted, hard))


def _get_kind(private: bool) -> int:
    import resource

    return resource.RLIMIT_DATA if private else resource.RLIMIT_AS


def _measure_memory(private: bool, pid: int | None = None) -> int:
    """Return the bytes of address space or private memory of a process; this one without a pid."""
    # One file, where psutil opens several: each worker asks before it hears its first question.
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid or 'self'}/statm").read_text().split()
        return int(fields[5 if private else 0]) * os.sysconf("SC_PAGE_SIZE")
    return int(psutil.Process(pid).memory_info().vms)
