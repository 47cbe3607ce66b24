"""The worker: the learner's module in a process of its own, answering questions with data.

One question is ``[op, *parts]``; one answer is ``["ok", value, changed]`` or
``["raised", what]``. ``changed`` holds the arguments anew when the learner's code changed
them in place, so that the judge sees what a caller in one process would have seen.
Whatever the learner's code does, it can only spoil answers: the judge is another process.
"""

from __future__ import annotations

import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch

from grader.engine.forbidden import forbid
from grader.engine.frames import Closed, Malformed, receive, receive_data, send
from grader.engine.loader import Exercises
from grader.engine.plan import Source
from grader.engine.process import limit_memory, narrow_memory, widen_memory
from grader.engine.settle import Baseline
from grader.engine.side import backward, data, imported, seed_all
from grader.engine.wire import Codec

LONGEST_MESSAGE = 4000
RESERVE = 16 << 20
"""Bytes kept aside, so that there is room to say that memory has run out."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A result that stays here as an object, though it could cross as data."""

    thing: Any


class Objects:
    """The objects that live here, by number; the same object keeps its number."""

    def __init__(self) -> None:
        self._things: list[Any] = []
        self._numbers: dict[int, int] = {}

    def keep(self, thing: Any) -> tuple[int, str]:
        """The number and type of an object, which stays alive from now on."""
        thing = thing.thing if isinstance(thing, Kept) else thing
        number = self._numbers.get(id(thing))
        if number is None:
            number = self._numbers[id(thing)] = len(self._things)
            self._things.append(thing)
        return number, type(thing).__name__

    def forget(self) -> None:
        """Let go of every object."""
        self._things.clear()
        self._numbers.clear()

    def find(self, number: int, name: str) -> Any:
        """The object of a number."""
        return self._things[number]


class Worker:
    """Answers questions about one source until the other side hangs up."""

    def __init__(self, channel: socket.socket, source: Source) -> None:
        self._channel, self._source = channel, source
        self._baseline = Baseline()
        self._reserve = bytes(RESERVE)
        self._objects, self._module = Objects(), ModuleType("nothing")
        self._codec = Codec(self._objects.keep, self._objects.find)
        self._ops: dict[str, Callable[..., Any]] = {
            "load": self._load,
            "begin": self._begin,
            "end": self._end,
            "named": self._named,
            "live": Kept,
            "room": narrow_memory,
            "beside": lambda path: Kept(imported(path)),
            "call": lambda thing, args, kwargs: thing(*args, **kwargs),
            "get": getattr,
            "set": setattr,
            "item": lambda thing, key: thing[key],
            "put": _put,
            "len": len,
            "iter": lambda thing: Kept(iter(thing)),
            "next": _next,
            "value": data,
            "gradients": backward,
        }

    def serve(self) -> None:
        """Answer until the channel closes."""
        while True:
            try:
                question = self._codec.unpack(receive(self._channel))
            except Closed:
                return
            send(self._channel, self._answer(question))

    def _answer(self, question: list[Any]) -> bytes:
        op, *parts = question
        before = self._packed(parts)
        try:
            result = self._ops[op](*parts)
            _flush()
            after = self._packed(parts)
            changed = parts if after != before else None
            return self._codec.pack(["ok", result, changed])
        except BaseException as error:  # the learner's code may raise anything at all
            self._reserve = b""
            _flush()
            answer = self._raised(error)
            traceback.clear_frames(error.__traceback__)
            self._reserve = bytes(RESERVE)
            return answer

    def _packed(self, parts: list[Any]) -> bytes | None:
        """The mutable data among the parts, to notice what was changed in place."""
        try:
            return self._codec.pack(parts) if any(map(_mutable, parts)) else None
        except Malformed:
            return None

    def _raised(self, error: BaseException) -> bytes:
        what = {
            "type": type(error).__name__,
            "bases": [base.__name__ for base in type(error).__mro__],
            "message": _text(error),
            "frames": self._frames(error),
        }
        return Codec(lambda thing: (0, ""), lambda number, name: None).pack(["raised", what])

    def _frames(self, error: BaseException) -> list[list[Any]]:
        """Path, line, function and text of each frame in the learner's own file."""
        try:
            if isinstance(error, SyntaxError) and error.filename == self._source.path:
                return [[error.filename, error.lineno or 1, "", (error.text or "").strip()]]
            entries = traceback.extract_tb(error.__traceback__)
            ours = [entry for entry in entries if entry.filename == self._source.path]
            return [[e.filename, e.lineno or 1, e.name, e.line or ""] for e in ours[-6:]]
        except Exception:
            return []

    def _load(self, text: str) -> None:
        source = self._source
        finder = Exercises(source.exercise, text, source.path, Path(source.others))
        forbid(list(source.forbids), source.path)
        self._module = finder.load()
        self._baseline.restore()

    def _begin(self, seed: int) -> None:
        widen_memory()
        self._objects.forget()
        seed_all(seed)

    def _end(self) -> list[str]:
        widen_memory()
        return self._baseline.restore()

    def _named(self, name: str) -> Kept:
        if name not in vars(self._module):
            raise AttributeError(f"the file does not define {name}")
        return Kept(getattr(self._module, name))


def attend(channel: socket.socket) -> None:
    """Hear what the run is about, then answer until the other side hangs up."""
    told = receive_data(channel)
    limit_memory(int(told["memory_mb"]))
    Worker(channel, Source(**told["source"])).serve()


def _put(thing: Any, key: Any, value: Any) -> None:
    thing[key] = value


def _next(stream: Any) -> tuple[bool, Any]:
    try:
        return (True, next(stream))
    except StopIteration:
        return (False, None)


def _mutable(part: Any) -> bool:
    """Whether a part holds data that a function could change in place."""
    if isinstance(part, tuple):
        return any(_mutable(entry) for entry in part)
    return type(part) in (list, dict, set, torch.Tensor, np.ndarray)


def _text(error: BaseException) -> str:
    try:
        text = str(error)
    except BaseException:  # its __str__ is the learner's too
        text = "(its message cannot be shown)"
    return text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + "…"


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # a stream of the learner's may refuse
            continue
