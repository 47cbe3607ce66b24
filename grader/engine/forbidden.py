"""What a contract says is not to be used, refused when the learner's own file uses it.

The library's function is replaced by one that looks at who calls: a line of the learner's file
gets an error that says so, everyone else (the library itself, other exercises, the checks) gets
the function. No source is searched, so a word in a comment or a name of one's own is no matter.
"""

from __future__ import annotations

import functools
import importlib
import sys
from typing import Any

_guarded: set[str] = set()


class NotToBeUsed(Exception):
    """The learner's file uses what its contract says is not to be used."""


def forbid(names: list[str], path: str) -> None:
    """Refuse each name, such as ``torch.softmax``, to the file of that path, once and for all.

    ``AttributeError`` or ``ImportError`` when a name is nothing that there is.
    """
    for name in [name for name in names if name not in _guarded]:
        owner, attribute = _owner(name)
        original = getattr(owner, attribute)
        guard = _class(original, name, path) if isinstance(original, type) else None
        setattr(owner, attribute, guard or _function(original, name, path))
        _guarded.add(name)


def _owner(name: str) -> tuple[Any, str]:
    """The module or class that holds the name, and the name there."""
    head, *middle, attribute = name.split(".")
    owner: Any = importlib.import_module(head)
    for part in middle:
        if not hasattr(owner, part):
            importlib.import_module(f"{owner.__name__}.{part}")
        owner = getattr(owner, part)
    return owner, attribute


def _refuse(name: str, path: str) -> None:
    """Raise when the caller's caller is a line of the learner's file."""
    if sys._getframe(2).f_code.co_filename == path:
        raise NotToBeUsed(f"{name} is not to be used here: the contract asks for your own")


def _function(original: Any, name: str, path: str) -> Any:
    @functools.wraps(original, updated=())
    def guarded(*args: Any, **kwargs: Any) -> Any:
        _refuse(name, path)
        return original(*args, **kwargs)

    return guarded


def _class(original: Any, name: str, path: str) -> type:
    def new(cls: Any, /, *args: Any, **kwargs: Any) -> Any:
        _refuse(name, path)
        return original.__new__(cls)

    def inherited(cls: Any, /, **kwargs: Any) -> None:
        _refuse(name, path)

    body: dict[str, Any] = {"__new__": new, "__init_subclass__": classmethod(inherited)}
    return type(original.__name__, (original,), {**body, "__module__": original.__module__})
