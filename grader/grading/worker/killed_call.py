"""A call in the middle of which the process is killed, as by ``kill -9``.

When is a matter of counting, never of time: a prop that the function is given kills its own process
in one of its calls. Under plain pytest that process is a fork, so that the checks go on.
"""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
import warnings
from typing import IO, Any, NoReturn

import msgpack
import torch

from grader.grading.protocol.notices import KillNotice, Notice
from grader.grading.protocol.raised import Raised
from grader.grading.system.disk import release_disk
from grader.grading.system.processes import KILL, describe_end
from grader.grading.worker.errors import describe_error
from grader.grading.worker.notifier import NOTIFIER
from grader.grading.worker.output_streams import flush_streams
from grader.grading.worker.props import Prop


class EndedError(Exception):
    """The process of a call has ended by itself."""


def call_until_killed(
    function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], prop: Prop, number: int
) -> int:
    """Call a function; its process is killed in the prop's ``number``-th call from now on.

    Returns how often the prop was called if the function returns before.
    """
    before = prop.calls
    prop.set_last_call(before + number)
    try:
        function(*args, **kwargs)
        return prop.calls - before
    finally:
        prop.set_last_call(0)


def call_in_fork(
    function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], prop: Prop, number: int
) -> int | Raised | None:
    """Do the same in a forked process; None when it was killed so.

    Returns what the function has raised as data. Raises ``EndedError`` when the process has ended
    in another way.
    """
    # A file, which takes what is written to it also when nobody reads.
    with tempfile.TemporaryFile() as file:
        with warnings.catch_warnings():
            # Later versions of Python warn of threads, which the fork lacks; see _live_as_fork.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            _live_as_fork(file, function, args, kwargs, prop, number)
        status = _wait(pid)
        file.seek(0)
        found = msgpack.unpackb(file.read() or msgpack.packb({}), unicode_errors="surrogatepass")
    if "raised" in found:
        return Raised.from_data(found["raised"])
    if "killed" not in found and "calls" not in found:
        raise EndedError(describe_end(status))
    return None if "killed" in found else int(found["calls"])


def _wait(pid: int) -> int:
    """Return how the process has ended; it is killed when the wait is cut short."""
    try:
        return os.waitpid(pid, 0)[1]
    except BaseException:  # Ctrl-C, or the deadline of the gate's plain run
        os.kill(pid, KILL)
        os.waitpid(pid, 0)
        raise


def _live_as_fork(
    file: IO[bytes],
    function: Any,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    prop: Prop,
    number: int,
) -> NoReturn:
    """Make the call, write down what became of it, and end without a look at pytest's stack."""

    def write(**found: Any) -> None:
        release_disk()  # this file is none of those that the check limits
        file.write(msgpack.packb(found, unicode_errors="surrogatepass"))
        file.flush()

    def note(notice: Notice) -> None:
        if isinstance(notice, KillNotice):
            write(killed=True)

    try:
        # torch's threads are not forked with the process: work given to them would wait for ever.
        torch.set_num_threads(1)
        NOTIFIER.listen(note)
        write(calls=call_until_killed(function, args, kwargs, prop, number))
    except BaseException as error:
        traceback.print_exc()
        path = getattr(sys.modules.get(getattr(function, "__module__", "")), "__file__", "") or ""
        write(raised=describe_error(error, "killed", path).to_data())
    finally:
        flush_streams()
        os._exit(0)
