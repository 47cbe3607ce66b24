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

# A replay loads many sources into one worker, one after the other. A name is guarded once, for
# the path, which is the same for all of them; a guard around a guard would look at the wrong frame.
_guarded: set[str] = set()
_files: set[str] = set()
"""The paths of the files that are refused: the learner's."""


class ForbiddenNameError(Exception):
    """The learner's file uses what its contract says is not to be used."""

    called = False
    """Whether it was called or created; it can be inherited from, and named in a text, too."""


def forbid_names(names: list[str], path: str) -> None:
    """Refuse each name, such as ``torch.softmax``, to the file of that path, once and for all.

    A file that is named later is refused the names that are guarded by then.

    ``AttributeError`` or ``ImportError`` when a name is nothing that there is.
    """
    _files.add(path)
    for name in [name for name in names if name not in _guarded]:
        owner, attribute = _find_owner(name)
        original = getattr(owner, attribute)
        guard = _guard_class(original, name) if isinstance(original, type) else None
        setattr(owner, attribute, guard or _guard_function(original, name))
        _guarded.add(name)


def _find_owner(name: str) -> tuple[Any, str]:
    """Return the module or class that holds the name, and the name there."""
    head, *middle, attribute = name.split(".")
    owner: Any = importlib.import_module(head)
    for part in middle:
        if not hasattr(owner, part):  # a module that nobody has imported yet
            importlib.import_module(f"{owner.__name__}.{part}")
        owner = getattr(owner, part)
    return owner, attribute


def _refuse(name: str, called: bool = True) -> None:
    """Raise when the caller's caller is a line of a learner's file."""
    # Frame 0 is this function, 1 the guard, 2 whoever called what is guarded.
    if sys._getframe(2).f_code.co_filename in _files:
        error = ForbiddenNameError(f"{name} may not be used here: the contract asks for your own")
        error.called = called
        raise error


def _guard_function(original: Any, name: str) -> Any:
    # updated=(): a function of torch's own has a __dict__ that need not be a plain dict.
    @functools.wraps(original, updated=())
    def call(*args: Any, **kwargs: Any) -> Any:
        _refuse(name)
        return original(*args, **kwargs)

    return call


def _guard_class(original: Any, name: str) -> type:
    """Return a subclass that the learner's file can neither create nor inherit from.

    A class, and not a function around it: the library asks isinstance and inherits from it.
    """

    def new(cls: Any, /, *args: Any, **kwargs: Any) -> Any:
        _refuse(name)
        return original.__new__(cls)

    def init_subclass(cls: Any, /, **kwargs: Any) -> None:
        _refuse(name, called=False)

    body: dict[str, Any] = {"__new__": new, "__init_subclass__": classmethod(init_subclass)}
    return type(original.__name__, (original,), {**body, "__module__": original.__module__})
