"""Where the learner's code lives, as a check sees it: here, or across a wire.

A check works with plain values and with objects that live beside the learner's code. Under
plain pytest those are the objects themselves; in the judge each is a ``Remote``, which asks.
``value`` and ``gradients`` work on either, so a check need not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import torch

from grader.base.errors import GraderFault
from grader.grading.protocol.plain_data import compute_gradients, copy_data


class Connection(Protocol):
    """What a ``Remote`` needs of the conversation behind it."""

    def ask(self, op: str, *parts: Any) -> Any:
        """Put one question; return the answer, or raise what the learner's code raised."""
        ...


class Remote:
    """An object that lives in the worker: it can be called, read, set, indexed and iterated."""

    __slots__ = ("_connection", "_id", "_label", "type_name")

    def __init__(self, connection: Connection, number: int, type_name: str, label: str) -> None:
        # Past our own __setattr__, which would ask the worker to set them.
        object.__setattr__(self, "_connection", connection)
        object.__setattr__(self, "_id", number)
        object.__setattr__(self, "type_name", type_name)
        object.__setattr__(self, "_label", label)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it over there."""
        return self._connection.ask("call", self, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        # Python, pytest and torch probe objects for special methods, such as __torch_function__
        # or __array__. Each would be a question, and an answer could change what they do here.
        if name.startswith("__"):
            raise AttributeError(name)
        return self._connection.ask("get", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._connection.ask("set", self, name, value)

    def __getitem__(self, key: Any) -> Any:
        return self._connection.ask("item", self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._connection.ask("put", self, key, value)

    def __len__(self) -> int:
        # int: an answer of another type would be a TypeError of Python's in the check.
        return int(self._connection.ask("len", self))

    def __iter__(self) -> Iterator[Any]:
        stream = self._connection.ask("iter", self)
        while True:
            more, entry = self._connection.ask("next", stream)
            if not more:
                return
            yield entry

    # No __eq__ on purpose: two stand-ins are equal when they are the same object. An __eq__ that
    # asked could be answered with yes, which is a forged verdict.

    def __repr__(self) -> str:
        return f"<{self.type_name}>"


def value(thing: Any) -> Any:
    """Return the data of a live object: a tensor detached and copied, an iterable as a list."""
    if isinstance(thing, Remote):
        return thing._connection.ask("value", thing)
    return copy_data(thing)


def gradients(function: Any, *args: Any, upstream: torch.Tensor, **kwargs: Any) -> Any:
    """Return the gradient of ``(function(*args) * upstream).sum()`` for each positional argument.

    A tuple with one entry per positional argument: a tensor of the argument's shape, None when
    the result does not depend on it, or None when it is no floating tensor.
    Parameters of a module gather theirs in ``.grad``, as after any ``backward``.
    """
    if isinstance(function, Remote):
        return function._connection.ask("gradients", function, args, kwargs, upstream)
    return compute_gradients(function, args, kwargs, upstream)


class Gone:
    """The connection of a stand-in whose object has ended with its process."""

    def ask(self, op: str, *parts: Any) -> Any:
        """Refuse a question: a check may not ask it."""
        raise GraderFault(f"a check uses {describe_gone(parts[0])}")

    def read_own_cpu_seconds(self) -> float:
        """Refuse to tell the time of a process that is no longer there."""
        raise GraderFault("a check times a process that was killed")


GONE = Gone()


def describe_gone(remote: Remote) -> str:
    """Say which object has ended with its process, and what a check has to do."""
    label = object.__getattribute__(remote, "_label")
    return f"{label}, which lived in the process that `killed` has ended; create it again after it"


class Backend(Protocol):
    """Where the learner's code lives: it gives what they wrote, and makes things live there."""

    def get(self, name: str) -> Any:
        """Return what the learner's module calls ``name``."""
        ...

    def make_live(self, thing: Any) -> Any:
        """Return a copy of ``thing`` that lives beside the learner's code."""
        ...

    def import_beside(self, path: str) -> Any:
        """Return a library object beside the learner's code, by its dotted path."""
        ...

    def get_reference(self, name: str) -> Any:
        """Return what the reference calls ``name``, apart from the learner's code."""
        ...

    def read_cpu_seconds(self, thing: Any) -> float:
        """Return the seconds for which the process of ``thing`` has computed, with its children."""
        ...

    def limit_memory(self, megabytes: int, private: bool = False) -> None:
        """Until the check ends, allow the learner's code so much more memory than it has."""
        ...

    def call_until_killed(
        self,
        function: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        prop: Any,
        number: int,
    ) -> int | None:
        """Call a function whose process the prop kills in its ``number``-th call from now on.

        Returns how often the prop was called if the function returns before. None otherwise: the
        learner's code is in a fresh process then.
        """
        ...

    def leave_no_evidence(self) -> None:
        """Let this check's questions be put to nobody else, whatever comes of it."""
        ...

    def begin(self, seed: int) -> None:
        """Begin a check: forget the last one's objects and seed every generator."""
        ...

    def end(self) -> None:
        """End a check: put back what the learner's code left changed."""
        ...
