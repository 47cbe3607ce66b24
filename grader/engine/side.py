"""Where the learner's code lives, as a check sees it: here, or across a wire.

A check works with plain values and with objects that live beside the learner's code. Under
plain pytest those are the objects themselves; in the judge each is a ``Remote``, which asks.
``value`` and ``gradients`` work on either, so a check need not know.
"""

from __future__ import annotations

import importlib
import random
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np
import torch

from grader.engine.process import narrow_memory, widen_memory


class Line(Protocol):
    """What a ``Remote`` needs of the conversation behind it."""

    def ask(self, op: str, *parts: Any) -> Any:
        """Put one question and give the answer, or raise what the learner's code raised."""
        ...


class Remote:
    """An object that lives in the worker: it can be called, read, set, indexed and iterated."""

    __slots__ = ("_id", "_label", "_line", "type_name")

    def __init__(self, line: Line, number: int, type_name: str, label: str) -> None:
        object.__setattr__(self, "_line", line)
        object.__setattr__(self, "_id", number)
        object.__setattr__(self, "type_name", type_name)
        object.__setattr__(self, "_label", label)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it over there."""
        return self._line.ask("call", self, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._line.ask("get", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._line.ask("set", self, name, value)

    def __getitem__(self, key: Any) -> Any:
        return self._line.ask("item", self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._line.ask("put", self, key, value)

    def __len__(self) -> int:
        return int(self._line.ask("len", self))

    def __iter__(self) -> Iterator[Any]:
        stream = self._line.ask("iter", self)
        while True:
            more, entry = self._line.ask("next", stream)
            if not more:
                return
            yield entry

    def __repr__(self) -> str:
        return f"<{self.type_name}>"


def value(thing: Any) -> Any:
    """The data of a live object: a tensor detached and copied, an iterable as a list."""
    if isinstance(thing, Remote):
        return thing._line.ask("value", thing)
    return data(thing)


def gradients(function: Any, *args: Any, upstream: torch.Tensor, **kwargs: Any) -> Any:
    """The gradient of ``(function(*args) * upstream).sum()`` for each floating tensor in ``args``.

    Gives a tuple with one entry per positional argument: a tensor of the argument's shape,
    None when the result does not depend on it, or None when it is no floating tensor.
    Parameters of a module gather theirs in ``.grad``, as after any ``backward``.
    """
    if isinstance(function, Remote):
        return function._line.ask("gradients", function, args, kwargs, upstream)
    return backward(function, args, kwargs, upstream)


def backward(
    function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], upstream: torch.Tensor
) -> tuple[torch.Tensor | None, ...]:
    """``gradients``, beside the learner's code."""
    inputs = [
        arg.detach().clone().requires_grad_()
        if isinstance(arg, torch.Tensor)
        and arg.dtype.is_floating_point
        and arg.is_leaf
        and not isinstance(arg, torch.nn.Parameter)
        else arg
        for arg in args
    ]
    out = function(*inputs, **kwargs)
    if not isinstance(out, torch.Tensor):
        raise TypeError(f"a tensor is due, to take gradients of; {type(out).__name__} came")
    if not out.requires_grad:
        raise RuntimeError(
            "the result is cut off from its input: no gradient can flow "
            "(a .detach(), .item(), .data, numpy() or torch.no_grad() on the way does this)"
        )
    (out * upstream).sum().backward()  # type: ignore[no-untyped-call]
    return tuple(
        thing.grad if isinstance(thing, torch.Tensor) and thing is not arg else None
        for thing, arg in zip(inputs, args, strict=True)
    )


def data(thing: Any) -> Any:
    """An object as plain data: tensors detached and copied, mappings and iterables unrolled."""
    if isinstance(thing, torch.Tensor):
        return thing.detach().clone().as_subclass(torch.Tensor)
    if isinstance(thing, (bool, int, float, complex, str, bytes, type(None))):
        return thing
    if isinstance(thing, dict):
        return {key: data(entry) for key, entry in thing.items()}
    if isinstance(thing, tuple):
        return tuple(data(entry) for entry in thing)
    return [data(entry) for entry in thing]


def imported(path: str) -> Any:
    """The object at a dotted path: ``torch.nn.Linear``."""
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


class Side(Protocol):
    """Where the learner's code lives: it gives what they wrote, and makes things live there."""

    def named(self, name: str) -> Any:
        """What the learner's module calls ``name``."""
        ...

    def live(self, thing: Any) -> Any:
        """A copy of ``thing`` that lives beside the learner's code."""
        ...

    def beside(self, path: str) -> Any:
        """A library object beside the learner's code, by its dotted path."""
        ...

    def reference(self, name: str) -> Any:
        """What the reference calls ``name``, apart from the learner's code."""
        ...

    def clock(self, thing: Any) -> float:
        """Seconds for which the process where ``thing`` lives has computed so far."""
        ...

    def room(self, megabytes: int) -> None:
        """Until the check ends the learner's code may take so much more memory than it has."""
        ...

    def settle(self, seed: int) -> None:
        """Begin a check: forget the last one's objects and seed every generator."""
        ...

    def finish(self) -> None:
        """End a check: put back what the learner's code left changed."""
        ...


class Here:
    """The learner's module in this very process, for plain pytest and a debugger."""

    def __init__(self, load: Callable[[], Any], reference: Callable[[], Any]) -> None:
        self._load, self._reference = load, reference

    def named(self, name: str) -> Any:
        """The learner's object itself."""
        module = self._load()
        if not hasattr(module, name):
            raise AttributeError(f"{module.__file__} does not define {name}")
        return getattr(module, name)

    def live(self, thing: Any) -> Any:
        """The thing itself: everything lives here."""
        return thing

    def beside(self, path: str) -> Any:
        """The library object itself."""
        return imported(path)

    def reference(self, name: str) -> Any:
        """The reference's object, from a module of its own."""
        return getattr(self._reference(), name)

    def clock(self, thing: Any) -> float:
        """Seconds for which this process has computed."""
        return time.process_time()

    def room(self, megabytes: int) -> None:
        """Narrow this process, checks and all."""
        narrow_memory(megabytes)

    def settle(self, seed: int) -> None:
        """Seed every generator of this process."""
        seed_all(seed)

    def finish(self) -> None:
        """Give back the memory; all else stays as whoever debugs wants to see it."""
        widen_memory()


def seed_all(seed: int) -> None:
    """Seed torch, NumPy and ``random`` alike."""
    torch.default_generator.manual_seed(seed)  # manual_seed would see to every accelerator too
    np.random.seed(seed % 2**32)
    random.seed(seed)
