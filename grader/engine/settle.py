"""What a check may find changed in the process, and how it is put back.

Learner's code that sets a default dtype, a seed, the working directory or a signal handler
must not decide the next check. ``Baseline`` remembers how things stood before that code was
loaded, says what has drifted and restores it.
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

from grader.engine.process import children

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
        """Put everything back; give one line for each thing that had drifted."""
        return list(self._drifts())

    def _drifts(self) -> Iterator[str]:
        if torch.get_default_dtype() != self._dtype:
            yield f"the default dtype was changed to {torch.get_default_dtype()}"
            torch.set_default_dtype(self._dtype)
        if torch.is_grad_enabled() != self._grad:
            yield "gradients were switched off for the whole program"
            torch.set_grad_enabled(self._grad)
        if _folder() != self._cwd:
            yield "the working directory was changed"
            os.chdir(self._cwd)
        if dict(os.environ) != self._environment:
            yield f"the environment was changed: {_changed(self._environment, dict(os.environ))}"
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
            signal.setitimer(signal.ITIMER_REAL, 0)
        new = [t for t in threading.enumerate() if t not in self._threads and t.is_alive()]
        if new:
            yield f"{len(new)} background thread{'s' * (len(new) > 1)} still running"
            self._threads.update(new)
        new_ones = children(os.getpid()) - self._children
        if new_ones:
            yield f"{len(new_ones)} child process{'es' * (len(new_ones) > 1)} still running"
            self._children |= new_ones


def _folder() -> str:
    with contextlib.suppress(OSError):
        return os.getcwd()  # noqa: PTH109
    return ""


def _changed(before: dict[str, str], after: dict[str, str]) -> str:
    names = sorted(n for n in before.keys() | after.keys() if before.get(n) != after.get(n))
    return ", ".join(names[:3]) + (" and more" if len(names) > 3 else "")


def _set_handler(number: int, handler: Any) -> None:
    with contextlib.suppress(OSError, TypeError, ValueError):
        signal.signal(number, handler)
