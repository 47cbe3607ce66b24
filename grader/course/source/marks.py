"""The three names that a mistakes file is written with. The file is read as source, never run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


def caught_by(check: str) -> Callable[[Any], Any]:
    """Name the check that must catch the mistake below.

    The decorated function is the mistake: its docstring is the sentence that a learner reads
    after "looks like:", its body one spelling, or several in ``with spelling():`` blocks.
    """

    def return_unchanged(function: Any) -> Any:
        return function

    return return_unchanged


@contextmanager
def spelling() -> Iterator[None]:
    """Begin one of several spellings of a mistake: recognising any of them names it."""
    yield


def edit(old: str, new: str) -> None:
    """Put ``new`` in the place of ``old``, which occurs once in the reference's text."""
