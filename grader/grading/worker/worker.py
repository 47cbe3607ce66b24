"""The worker: the learner's module in a process of its own, answering questions with data.

One question is ``[op, *parts]``; one answer is ``["ok", value, changed]`` or
``["raised", what]``. ``changed`` holds the arguments anew when the learner's code changed
them in place, so that the judge sees what a caller in one process would have seen.
Whatever the learner's code does, it can only spoil answers: the judge is another process.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch

from grader.grading.protocol.codec import Codec
from grader.grading.protocol.forbidden_names import find_forbidden_use, is_pattern
from grader.grading.protocol.frames import (
    ConnectionClosed,
    MalformedData,
    check_size,
    receive,
    receive_data,
    send,
)
from grader.grading.protocol.notices import Notice, pack_notice
from grader.grading.protocol.plain_data import (
    compute_gradients,
    copy_data,
    import_object,
    release_frozen,
    seed_all,
)
from grader.grading.protocol.plan import Source
from grader.grading.system.disk import release_disk
from grader.grading.system.memory import limit_memory, narrow_memory, widen_memory
from grader.grading.worker.errors import UndefinedNameError, describe_error
from grader.grading.worker.forbidden import ForbiddenNameError, forbid_names
from grader.grading.worker.killed_call import call_until_killed
from grader.grading.worker.loader import ExerciseFinder
from grader.grading.worker.notifier import NOTIFIER
from grader.grading.worker.output_streams import flush_streams
from grader.grading.worker.restore import Baseline
from grader.grading.worker.surroundings import prepare_surroundings

RESERVE = 16 << 20
"""Bytes kept aside, so that there is room to say that memory has run out."""


@dataclass(frozen=True, slots=True)
class ByHandle:
    """A result that stays here as an object, though it could cross as data."""

    thing: Any


class ObjectTable:
    """The objects that live here, by number; the same object keeps its number."""

    def __init__(self) -> None:
        self._things: list[Any] = []
        self._numbers: dict[int, int] = {}

    def add(self, thing: Any) -> tuple[int, str]:
        """Return the number and type of an object, which stays alive from now on."""
        thing = thing.thing if isinstance(thing, ByHandle) else thing
        # By identity, so that ``model.weight is model.weight`` holds for the judge's stand-ins.
        # The list keeps each object alive, so that no id is given to another one.
        number = self._numbers.get(id(thing))
        if number is None:
            number = self._numbers[id(thing)] = len(self._things)
            self._things.append(thing)
        return number, type(thing).__name__

    def clear(self) -> None:
        """Let go of every object."""
        self._things.clear()
        self._numbers.clear()

    def find(self, number: int, name: str) -> Any:
        """Return the object of a number."""
        return self._things[number]


class Worker:
    """Answers questions about one source until the other side hangs up."""

    def __init__(self, channel: socket.socket, source: Source) -> None:
        self._channel, self._source = channel, source
        self._baseline = Baseline()
        self._reserve = bytes(RESERVE)
        self._sending = threading.Lock()
        NOTIFIER.listen(self._send_notice)
        self._objects, self._module = ObjectTable(), ModuleType("nothing")
        self._codec = Codec(self._objects.add, self._objects.find)
        self._ops: dict[str, Callable[..., Any]] = {
            "load": self._load,
            "begin": self._begin,
            "end": self._end,
            "name": self._find_name,
            "live": ByHandle,
            "limit": narrow_memory,
            "import": lambda path: ByHandle(import_object(path)),
            "call": lambda thing, args, kwargs: release_frozen(thing(*args, **kwargs)),
            "get": getattr,
            "set": setattr,
            "item": lambda thing, key: thing[key],
            "put": _put,
            "len": len,
            "iter": lambda thing: ByHandle(iter(thing)),
            "next": _take_next,
            "value": copy_data,
            "gradients": compute_gradients,
            "killed": call_until_killed,
        }

    def serve(self) -> None:
        """Answer until the channel closes."""
        while True:
            try:
                question = self._codec.unpack(receive(self._channel))
            except ConnectionClosed:
                return
            answer = self._answer(question)
            with self._sending:
                send(self._channel, answer)

    def _send_notice(self, notice: Notice) -> None:
        """Send what a prop has to say; it may come from any thread, and at any time."""
        with self._sending, contextlib.suppress(ConnectionClosed):
            send(self._channel, pack_notice(notice))

    def _answer(self, question: list[Any]) -> bytes:
        op, *parts = question
        before = self._pack_mutable(parts)
        try:
            result = self._ops[op](*parts)
            # Flushed before the answer leaves, so that what was printed in this call is in the
            # pipe when the judge asks for it.
            flush_streams()
            after = self._pack_mutable(parts)
            changed = parts if after != before else None
            answer = self._codec.pack(["ok", result, changed])
            check_size(answer)
            return answer
        except BaseException as error:  # the learner's code may raise anything at all
            self._reserve = b""  # describing an error takes memory, which may be what it is about
            flush_streams()
            answer = self._pack_error(error, op)
            # The frames hold what the call has allocated, and the error holds the frames.
            traceback.clear_frames(error.__traceback__)
            self._reserve = bytes(RESERVE)
            return answer

    def _pack_mutable(self, parts: list[Any]) -> bytes | None:
        """Pack the parts, if one can be changed, to notice that it was.

        As bytes: a copy would be compared with the learner's ``==``, and 0.0 equals -0.0.
        """
        try:
            return self._codec.pack(parts) if any(map(_is_mutable, parts)) else None
        except MalformedData:
            return None

    def _pack_error(self, error: BaseException, op: str) -> bytes:
        raised = describe_error(error, op, self._source.path)
        # A codec of its own: nothing of an error becomes a handle that keeps an object alive.
        codec = Codec(lambda thing: (0, ""), lambda number, name: None)
        return codec.pack(["raised", raised.to_data()])

    def _load(self, text: str) -> None:
        """Load a source.

        The text comes with the question, for a replay loads many into one process.
        """
        source = self._source
        others = Path(source.others)
        finder = ExerciseFinder(
            source.exercise, text, source.path, others, source.reach, self._admit
        )
        forbid_names(self._list_called(), source.path)
        self._module = finder.load()
        # What loading changed is put back unsaid: no check has begun that could note it.
        self._baseline.restore()

    def _admit(self, path: str, text: str) -> None:
        """Hold a file of the learner's that the exercise imports to the same contract."""
        use = find_forbidden_use(text, self._source.forbids)
        if use is not None:
            raise ForbiddenNameError(
                f"{use.name} may not be used in {path}:{use.line}: the contract asks for your own"
            )
        forbid_names(self._list_called(), path)

    def _list_called(self) -> list[str]:
        return [name for name in self._source.forbids if not is_pattern(name)]

    def _begin(self, seed: int) -> None:
        widen_memory()
        release_disk()
        self._objects.clear()
        seed_all(seed)

    def _end(self) -> list[str]:
        widen_memory()
        release_disk()
        return self._baseline.restore()

    def _find_name(self, name: str) -> ByHandle:
        # vars, not getattr: a module-level __getattr__ could answer to any name.
        if name not in vars(self._module):
            raise UndefinedNameError(name)
        return ByHandle(getattr(self._module, name))


def serve_worker(channel: socket.socket) -> None:
    """Hear what the run is about, then answer until the other side hangs up."""
    assignment = receive_data(channel)
    # Before anything of the learner's is loaded; from here on the limit only narrows.
    limit_memory(int(assignment["memory_mb"]))
    source = Source(**assignment["source"])
    prepare_surroundings(source.path)
    Worker(channel, source).serve()


def _put(thing: Any, key: Any, value: Any) -> None:
    thing[key] = value


def _take_next(stream: Any) -> tuple[bool, Any]:
    """Return whether there was an entry, and the entry.

    StopIteration as data: raised in the judge it would end whatever loop the check is in.
    """
    try:
        return (True, next(stream))
    except StopIteration:
        return (False, None)


def _is_mutable(part: Any) -> bool:
    """Return whether a part holds data that a function could change in place."""
    if isinstance(part, tuple):
        return any(_is_mutable(entry) for entry in part)
    return type(part) in (list, dict, set, torch.Tensor, np.ndarray)
