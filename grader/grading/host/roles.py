"""What a forked process does with its life: it is a judge or a worker.

Neither function returns. Each begins as a copy of the supervisor, with its memory and all its
descriptors, and lets go of what is not its own before it does anything else.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import tempfile
from collections.abc import Callable

from grader.grading.host.forked import ForkingFactory
from grader.grading.protocol.frames import ConnectionClosed, send_data
from grader.grading.system.isolation import (
    die_with_parent,
    drop_capabilities,
    hide_memory,
    seal,
)
from grader.grading.system.memory import limit_memory
from grader.grading.system.processes import UNABLE

IDLE_SECONDS = 0.03
"""How long nothing must come before a fork prepares further."""

JUDGE_MB = 2048
"""What a judge may allocate beyond the libraries, in MiB: thirty of the largest frames.

What the learner's code sends, and what the checks make of it, is kept here. Where it takes more,
the check ends and not the machine.
"""

JudgeMain = Callable[[socket.socket, ForkingFactory, str], None]
"""What a forked judge does: the client's channel, where workers come from, a folder."""


def run_forked_judge(
    judge: JudgeMain,
    channel: socket.socket,
    workers: ForkingFactory,
    temporary: str,
    others: list[socket.socket],
) -> None:
    """Live as a forked judge; it never returns."""
    from grader.grading.host.warmup import touch_memory

    try:
        die_with_parent()
        for other in others:
            other.close()
        # A check that prints would otherwise write to the host's log.
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        limit_memory(JUDGE_MB)
        if _is_idle(channel):
            touch_memory()
        judge(channel, workers, temporary)
    except ConnectionClosed:
        pass
    except BaseException as error:  # a fault of ours, reported rather than lost
        with contextlib.suppress(BaseException):
            send_data(channel, {"report": {"fault": f"{type(error).__name__}: {error}"}})
    finally:
        # Not sys.exit: this is a fork in the middle of the host's stack, and to unwind it would
        # run the host's own finally blocks, which remove the socket and end other runs.
        os._exit(0)


def _is_idle(channel: socket.socket) -> bool:
    """Return whether no request arrives for a moment.

    Under continuous load a fork does not prepare: the run that has just begun needs the cores.
    """
    return not select.select([channel], [], [], IDLE_SECONDS)[0]


def run_forked_worker(channel: socket.socket, output: int, home: str) -> None:
    """Live as a forked worker; it never returns."""
    from grader.grading.host.warmup import touch_memory
    from grader.grading.worker.worker import serve_worker

    try:
        descriptor = seal(channel.fileno(), output)
        # The learner's code may look into its own process, as any program may; see server.main.
        hide_memory(False)
        drop_capabilities()
        # A folder of its own, for what the learner's code writes; tempfile would have remembered
        # the host's.
        os.chdir(home)
        os.environ["TMPDIR"] = tempfile.tempdir = home
        line = socket.socket(fileno=descriptor)
        if _is_idle(line):
            touch_memory()
        serve_worker(line)
        os._exit(0)
    finally:
        os._exit(UNABLE)
