"""Usage: for how long a process has computed, how much memory it takes, and since when."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path

import psutil

from grader.grading.system.processes import list_children, list_descendants

PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
MINOR_FAULTS, CHILDREN_TIMES = 7, slice(13, 15)
"""Where they stand in /proc/PID/stat, from the field after the name on."""


def read_cpu_seconds(pid: int, adopter: int | None = None) -> float:
    """Return the seconds for which a process of ours has computed, with all that it has started.

    Its threads count, its descendants and those that have ended and were waited for. A descendant
    whose own parent has ended is the child of ``adopter``, where one is named, and still belongs to
    the session that the process leads. Elsewhere than on Linux, where no fine clock of another
    process can be read, seconds pass.
    """
    if sys.platform != "linux":
        return time.perf_counter()
    family = list_descendants(pid)
    for orphan in () if adopter is None else list_children(adopter):
        if orphan != pid and _read_session(orphan) == pid:
            family += [orphan, *list_descendants(orphan)]
    return _read_clock(pid) + _read_ended(pid) + sum(map(_read_descendant, family))


def _read_clock(pid: int) -> float:
    """Return the seconds for which a process has computed, its threads together (Linux only)."""
    # clock_getcpuclockid(3), which Python lacks, computes the clock's number as this does: the
    # complement of the pid, three bits to the left, and 2 for "scheduler's time". psutil counts in
    # hundredths of a second, and a race between two calls takes less.
    return time.clock_gettime((~pid << 3) | 2)


def _read_ended(pid: int) -> float:
    """Return the seconds of a process's children that have ended and were waited for."""
    # In hundredths of a second: no finer clock counts them. Most code starts no process at all.
    with contextlib.suppress(OSError, IndexError, ValueError):
        return sum(map(int, _read_fields(pid)[CHILDREN_TIMES])) / TICKS
    return 0.0


def _read_descendant(pid: int) -> float:
    with contextlib.suppress(OSError):  # it has ended meanwhile, and its parent has its time
        return _read_clock(pid) + _read_ended(pid)
    return 0.0


def _read_session(pid: int) -> int:
    with contextlib.suppress(OSError):
        return os.getsid(pid)
    return 0


def measure_footprint(pid: int) -> tuple[int, int, float]:
    """Return about how many bytes a process and its forks take, each shared page counted once.

    Then how many they are, and when the first began, in seconds since 1970.
    """
    family = [pid, *list_descendants(pid)]
    size = _read_resident(pid)
    for fork in family[1:]:
        # What a fork has that its parent has not: no other process may look that up in it (see
        # ``hide_memory``), but everybody may know how many pages it has been given, which happens
        # when it first writes to a page. Pages that it has let go of since are counted too, so
        # this is an upper bound, as what is resident is another.
        size += min(_read_resident(fork), _count_faults(fork) * PAGE)
    return size, len(family), psutil.Process(pid).create_time()


def _read_resident(pid: int) -> int:
    with contextlib.suppress(OSError, IndexError, ValueError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    with contextlib.suppress(psutil.Error):
        return int(psutil.Process(pid).memory_info().rss)
    return 0


def _count_faults(pid: int) -> int:
    with contextlib.suppress(OSError, IndexError, ValueError):
        return int(_read_fields(pid)[MINOR_FAULTS])
    return 0


def _read_fields(pid: int) -> list[str]:
    # The name in the second field may hold spaces and brackets: what counts follows the last.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
