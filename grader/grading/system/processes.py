"""Processes: how they are found, how a whole tree of them is ended, and how one has ended."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
import time
from pathlib import Path

import psutil

UNABLE = 70
"""Exit code of a worker that could not go on."""
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
MEASURED = "COVERAGE_PROCESS_CONFIG" in os.environ
"""Set when coverage.py counts the lines of every process of the tests, and never otherwise.

A process that is killed cannot save what it counted, so it gets SIGTERM and a moment first.
"""


def make_scratch_folder(below: str | None = None) -> str:
    """Make a fresh empty folder that only its owner can enter."""
    return tempfile.mkdtemp(prefix="groundwork-", dir=below)


def end_tree(pid: int, keep: frozenset[int] = frozenset()) -> None:
    """Kill a process and all its descendants but those to keep, until none is left."""
    # In rounds: between the listing and the kill a process may fork, and its child is found in
    # the next round only. Fifty rounds of 0.2 seconds outlast whatever forks honestly; a fork
    # bomb meets the limit of processes first.
    for _ in range(50):
        # Descendants are listed before anything is killed: a child of a killed process has
        # another parent, and where orphans cannot be adopted it would not be found any more.
        family = [*list_descendants(pid), pid]
        living = [one for one in family if one not in keep and _is_alive(one)]
        if MEASURED:
            _let_save(living)
        if pid not in keep:
            end_session(pid)
        if not living:
            return
        for one in living:
            with contextlib.suppress(OSError):
                os.kill(one, KILL)
        _wait_for_end(living, 0.2)


def list_descendants(pid: int) -> list[int]:
    """Return every living process below one."""
    found = []
    for child in list_children(pid):
        found += [child, *list_descendants(child)]
    return found


def list_children(pid: int) -> set[int]:
    """Return the living children of a process."""
    # Linux lists them per thread. psutil would read the whole table of processes to find them,
    # and a supervisor asks for each worker that it ends.
    with contextlib.suppress(OSError, ValueError):
        lists = Path(f"/proc/{pid}/task").glob("*/children")
        found = {int(child) for file in lists for child in file.read_text().split()}
        # The file is there only in kernels built for it; an empty list is one if it is there.
        if found or Path(f"/proc/{pid}/task/{pid}/children").exists():
            return found
    with contextlib.suppress(psutil.NoSuchProcess):
        return {child.pid for child in psutil.Process(pid).children()}
    return set()


def end_session(pid: int) -> None:
    """Kill a sealed process and the process group that it leads, where there are groups."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(OSError):
            # A process that has not come to its setsid is still in our own group: killing that
            # group would kill us.
            leads = os.getpgid(pid) == pid
            if MEASURED:
                _let_save([pid])
            (os.killpg if leads else os.kill)(pid, signal.SIGKILL)


def _let_save(pids: list[int]) -> None:
    """Let processes save their coverage and end; see ``MEASURED``."""
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGTERM)
    _wait_for_end(pids, 1.0)


def _wait_for_end(pids: list[int], seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and any(map(_is_alive, pids)):
        time.sleep(0.001)


def _is_alive(pid: int) -> bool:
    """Return whether a process is there and no zombie."""
    # A zombie has ended and waits for its parent to ask how; it cannot be killed once more, and
    # counting it as alive would keep end_tree going. The name in the file's second field may
    # hold spaces and brackets, so the state is what follows the last bracket.
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    if Path("/proc/self/stat").exists():
        return False
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    return False


def is_killed(status: int) -> bool:
    """Return whether a wait status is of a process that a signal from outside has ended.

    Who sent it is not said. A process can send it to itself as well, and few do.
    """
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGKILL, signal.SIGTERM)


def describe_end(status: int) -> str:
    """Return a wait status in a learner's words."""
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        meaning = {
            "SIGSEGV": "a segmentation fault, it accessed invalid memory",
            "SIGKILL": "it was killed from outside, perhaps because memory ran out",
            "SIGABRT": "it aborted",
        }.get(name, "a signal")
        return f"the process that ran your code was ended by {name}: {meaning}"
    code = os.waitstatus_to_exitcode(status)
    if code == UNABLE:
        return "the process that ran your code could not continue; was its connection closed?"
    return f"the process that ran your code ended by itself with exit code {code}"
