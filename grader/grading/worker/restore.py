"""What a check may find changed in the process, and how it is put back.

Learner's code that sets a default dtype, a seed, the working directory or a signal handler
must not decide the next check. ``Baseline`` remembers how things stood before that code was
loaded, says what has changed since and restores it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

import torch

from grader.grading.system.processes import list_children

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGABRT, signal.SIGFPE] + [
    getattr(signal, name) for name in ("SIGALRM", "SIGHUP", "SIGUSR1") if hasattr(signal, name)
]


class Baseline:
    """The state of this process at one moment."""

    def __init__(self) -> None:
        self._dtype = torch.get_default_dtype()
        self._grad = torch.is_grad_enabled()
        self._cwd = os.getcwd()  # noqa: PTH109
        self._environment = dict(os.environ)
        self._handlers = {number: signal.getsignal(number) for number in SIGNALS}
        self._streams = (sys.stdin, sys.stdout, sys.stderr)
        self._recursion = sys.getrecursionlimit()
        self._threads = set(threading.enumerate())
        self._children: set[int] = set()

    def restore(self) -> list[str]:
        """Put everything back; return one line for each thing that had changed."""
        return [*self._restore_torch(), *self._restore_process(), *self._count_leftovers()]

    def _restore_torch(self) -> Iterator[str]:
        if torch.get_default_dtype() != self._dtype:
            yield f"the default dtype was changed to {torch.get_default_dtype()}"
            torch.set_default_dtype(self._dtype)
        if torch.is_grad_enabled() != self._grad:
            yield "gradients were switched off for the whole program"
            torch.set_grad_enabled(self._grad)

    def _restore_process(self) -> Iterator[str]:
        if _read_folder() != self._cwd:
            yield "the working directory was changed"
            os.chdir(self._cwd)
        if dict(os.environ) != self._environment:
            names = _list_changes(self._environment, dict(os.environ))
            yield f"the environment was changed: {names}"
            os.environ.clear()
            os.environ.update(self._environment)
        for number, handler in self._handlers.items():
            if signal.getsignal(number) != handler:
                yield f"the handler of {signal.Signals(number).name} was changed"
                _set_handler(number, handler)
        if (sys.stdin, sys.stdout, sys.stderr) != self._streams:
            yield "sys.stdout, sys.stderr or sys.stdin was replaced"
            sys.stdin, sys.stdout, sys.stderr = self._streams
        if sys.getrecursionlimit() != self._recursion:
            yield "the recursion limit was changed"
            sys.setrecursionlimit(self._recursion)
        if hasattr(signal, "setitimer"):
            # An alarm that was set and has not rung would end the next check's call.
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _count_leftovers(self) -> Iterator[str]:
        """Name what is still running: it can only be ended with the process, and is then.

        Each is noted once, by the check that left it; those after it have no part in it.
        """
        new = [t for t in threading.enumerate() if t not in self._threads and t.is_alive()]
        if new:
            yield f"{len(new)} background thread{'s' * (len(new) > 1)} still running"
            self._threads.update(new)
        new_ones = list_children(os.getpid()) - self._children
        if new_ones:
            yield f"{len(new_ones)} child process{'es' * (len(new_ones) > 1)} still running"
            self._children |= new_ones


def _read_folder() -> str:
    with contextlib.suppress(OSError):  # a folder that was removed has no path
        return os.getcwd()  # noqa: PTH109
    return ""


def _list_changes(before: dict[str, str], after: dict[str, str]) -> str:
    names = sorted(n for n in before.keys() | after.keys() if before.get(n) != after.get(n))
    return ", ".join(names[:3]) + (" and more" if len(names) > 3 else "")


def _set_handler(number: int, handler: Any) -> None:
    # TypeError: a handler that C code had installed reads as None and cannot be set again.
    with contextlib.suppress(OSError, TypeError, ValueError):
        signal.signal(number, handler)
