"""Isolation: what the processes of a run may do to one another, as the system lets us say it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

from grader.grading.system.processes import MEASURED

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER = 1, 4, 24, 36
"""Options of Linux's prctl(2), which Python does not wrap."""
CAP_SYS_PTRACE, CAP_SYS_RESOURCE = 19, 24
"""Capabilities of root's: to look into any process, and to raise any limit."""
CAPABILITY_VERSION = 0x20080522
"""The form of capget(2) and capset(2) in which capabilities are two words of 32 bits."""
CHANNEL = 3
"""The descriptor of a sealed process's channel: the first after input, output and error."""


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends (Linux only).

    A process whose parent has ended goes to process 1 otherwise, where we cannot find it: a
    learner's code that forks twice would leave something running after its verdict. Below a
    subreaper such a process stays among our descendants, and ``end_tree`` finds it.
    """
    _set_option(PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent() -> None:
    """Have this process killed when its parent ends, however that ends (Linux only).

    Who is killed with SIGKILL cannot end its children first, so the kernel does it. The setting
    is not inherited by fork: each process asks for itself.
    """
    _set_option(PR_SET_PDEATHSIG, signal.SIGKILL)


def seal(channel: int, output: int) -> int:
    """Cut a forked process off from all but its channel and its output; return the channel's fd.

    Standard input is empty, standard output and error go to ``output``, the session is its own.
    """
    import fcntl  # which Windows lacks, where nothing is forked

    # A session of its own has no terminal, so Ctrl-C does not reach it, and it is a process
    # group of its own, which one killpg ends together with what the learner's code started.
    os.setsid()
    die_with_parent()
    # dup2 closes what it replaces, so both are first copied above 3: out of the way of what is
    # filled below, whatever numbers they have.
    keep, printed = (fcntl.fcntl(fd, fcntl.F_DUPFD, CHANNEL + 1) for fd in (channel, output))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    # Not inheritable: a program that the learner's code starts would hold the channel open, and
    # the judge would wait for an answer from a worker that is gone.
    os.dup2(keep, CHANNEL, inheritable=False)
    # All else is closed by number, since a fork has its parent's descriptors: the host's
    # listening socket, other runs' channels, the judge's end. None of them may be reachable.
    os.closerange(CHANNEL + 1, 4096)
    # The host ignores or handles these, and a fork inherits that. The learner's code gets what a
    # program usually gets; a handler of ours would run the host's code in the worker.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        # Not SIGTERM while lines are counted: coverage's handler saves what the worker counted.
        if not (MEASURED and number == signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
    return CHANNEL


def hide_memory(hidden: bool = True) -> None:
    """Keep other processes of the same user out of this one's memory and descriptors (Linux only).

    They could attach to it as a debugger does, read what a check expects, or take its channel over.
    Root's processes can still do so unless they have let go of it (``drop_capabilities``). A fork
    inherits the setting; a program that is started in its place does not.
    """
    _set_option(PR_SET_DUMPABLE, int(not hidden))


def drop_capabilities() -> None:
    """Let go, for good, of what lets root look into hidden processes and raise limits (Linux only).

    In a container the learner is often root. For an ordinary user there is nothing to let go of.
    """
    if sys.platform != "linux" or os.geteuid() != 0:
        return
    library = ctypes.CDLL(None)
    dropped = (1 << CAP_SYS_PTRACE) | (1 << CAP_SYS_RESOURCE)
    # Of the bounding set too, or a program that root starts would have them again.
    for capability in (CAP_SYS_PTRACE, CAP_SYS_RESOURCE):
        library.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    # Effective, permitted and inheritable, of capabilities 0 to 31 and of the others.
    header, words = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)()
    if library.capget(header, words) == 0:
        for index in range(3):
            words[index] &= ~dropped
        library.capset(header, words)


def _set_option(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
