"""Processes: how a worker is sealed off, and how a whole tree of them is ended."""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
UNABLE = 70
"""Exit code of a worker that could not go on."""
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
PRINTED_BYTES = 64 * 1024
"""As much of a worker's output is kept; the rest is read and thrown away."""


def adopt_orphans() -> None:
    """Make grandchildren whose parent ends our children, so that none escapes (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent() -> None:
    """Be killed when the parent ends, however it ends (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def seal(channel: int, output: int) -> int:
    """Cut a forked process off from all but its channel and its output; give the channel's fd.

    Standard input is empty, standard output and error go to ``output``, the session is its own
    and the working directory an empty one.
    """
    os.setsid()
    die_with_parent()
    keep = os.dup(channel) if channel > 3 else os.dup2(channel, os.dup(channel))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    if keep != 3:
        os.dup2(keep, 3)
    os.set_inheritable(3, False)
    os.closerange(4, 4096)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    return 3


def limit_memory(megabytes: int) -> None:
    """Allow this process so much more address space than it has now (where the system can)."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    allowed = _address_space() + megabytes * 1024 * 1024
    with contextlib.suppress(ValueError, OSError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))


def narrow_memory(megabytes: int) -> None:
    """Until ``widen_memory``, allow this process so much more than it has now."""
    _soften(_address_space() + megabytes * 1024 * 1024)


def widen_memory() -> None:
    """Back to all that this process was allowed at first."""
    _soften(None)


def _soften(allowed: int | None) -> None:
    """Set the soft limit of address space; None for the hard one."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = hard if allowed is None else allowed
    if wanted != soft:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def _address_space() -> int:
    """Bytes of address space that this process has."""
    with contextlib.suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text().partition(" ")[0])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return int(psutil.Process().memory_info().vms)


def computed(pid: int) -> float:
    """Seconds for which a process of ours has computed, its threads together.

    Elsewhere than on Linux, where no fine clock of another process can be read, seconds pass.
    """
    if sys.platform == "linux":
        return time.clock_gettime((~pid << 3) | 2)  # clock_getcpuclockid(3), which Python lacks
    return time.perf_counter()


def footprint(pid: int) -> tuple[int, int, float]:
    """Bytes that a process and its descendants take, each shared page counted once.

    Then how many they are, and when the first began, in seconds since 1970.
    """
    root = psutil.Process(pid)
    family = [root, *root.children(recursive=True)]
    size = 0
    for process in family:
        with contextlib.suppress(psutil.Error, AttributeError):
            info = process.memory_full_info()
            size += getattr(info, "pss", info.uss)
    return size, len(family), root.create_time()


def scratch(below: str | None = None) -> str:
    """A fresh empty folder that only its owner can enter."""
    return tempfile.mkdtemp(prefix="groundwork-", dir=below)


def end_tree(pid: int, spare: frozenset[int] = frozenset()) -> None:
    """Kill a process and all its descendants but the spared ones, until none is left."""
    for _ in range(50):
        family = [*descendants(pid), pid]
        living = [one for one in family if one not in spare and _alive(one)]
        if pid not in spare:
            end_session(pid)
        if not living:
            return
        for one in living:
            with contextlib.suppress(OSError):
                os.kill(one, KILL)
        _await_end(living, 0.2)


def descendants(pid: int) -> list[int]:
    """Every living process below one."""
    found = []
    for child in children(pid):
        found += [child, *descendants(child)]
    return found


def children(pid: int) -> set[int]:
    """The living children of a process."""
    with contextlib.suppress(OSError, ValueError):
        lists = Path(f"/proc/{pid}/task").glob("*/children")
        found = {int(child) for file in lists for child in file.read_text().split()}
        if found or Path(f"/proc/{pid}/task/{pid}/children").exists():
            return found
    with contextlib.suppress(psutil.NoSuchProcess):
        return {child.pid for child in psutil.Process(pid).children()}
    return set()


def end_session(pid: int) -> None:
    """Kill a sealed process and the process group that it leads, where there are groups."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(OSError):
            leads = os.getpgid(pid) == pid
            (os.killpg if leads else os.kill)(pid, signal.SIGKILL)


def _await_end(pids: list[int], seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and any(map(_alive, pids)):
        time.sleep(0.001)


def _alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    if Path("/proc/self/stat").exists():
        return False
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    return False


def ended_how(status: int) -> str:
    """A wait status in a learner's words; empty when the process was still well."""
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        meaning = {
            "SIGSEGV": "it touched memory that is not its own",
            "SIGKILL": "something outside killed it, perhaps for want of memory",
            "SIGABRT": "it gave up by itself",
        }.get(name, "a signal")
        return f"the process that ran your code died of {name}: {meaning}"
    code = os.waitstatus_to_exitcode(status)
    if code == UNABLE:
        return "the process that ran your code could not go on; was its connection closed?"
    return f"the process that ran your code ended by itself with exit code {code}"


class Printed:
    """What a process prints, read as it comes and kept up to a limit."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._kept = bytearray()
        self._total = 0
        self._lock = threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()

    def take(self) -> str:
        """The output since the last call, as text, with a word when some was left out."""
        self._catch_up()
        with self._lock:
            kept, total = bytes(self._kept), self._total
            self._kept.clear()
            self._total = 0
        text = kept.decode("utf-8", "backslashreplace")
        if total > len(kept):
            text += f"\n… ({total} bytes were printed, the first {len(kept)} are kept)"
        return text

    def _catch_up(self) -> None:
        """Give the reader time for what is printed already, but never wait for a flood."""
        for _ in range(50):
            try:
                waiting, _, _ = select.select([self._descriptor], [], [], 0)
            except (OSError, ValueError):  # closed by now, or no pipe can be asked here
                return
            if not waiting:
                return
            time.sleep(0.001)

    def _read(self) -> None:
        while True:
            try:
                piece = os.read(self._descriptor, 65536)
            except OSError:
                return
            if not piece:
                os.close(self._descriptor)
                return
            with self._lock:
                self._total += len(piece)
                self._kept += piece[: max(0, PRINTED_BYTES - len(self._kept))]
