"""Changes of a question: another value of one argument, or two arguments exchanged.

If the learner's answers are the expected ones for a changed question, then the code does with
its arguments what the change says: it leaves ``mask`` out, or takes ``eps`` squared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import torch

from grader.grading.judge.relations.signatures import UNKNOWN, Parameter
from grader.grading.judge.relations.variations import list_variations
from grader.grading.judge.relations.weights import are_weights, list_weight_changes

Arguments = Mapping[str, Any]
Make = Callable[[Arguments], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of all questions about a function."""

    function: str
    subject: str
    """The number, tensor or weight that is another one; empty for two, a text or a list."""
    says: str
    """What would have to be so: ```eps` were squared``."""
    make: Make
    """Returns the arguments of a call that change, given all; it may raise where none can."""
    is_number: bool = False
    """Whether the subject is a number, which has one value only."""

    def apply(self, arguments: Arguments) -> dict[str, Any]:
        """Return the arguments of a call that change, given all of them."""
        try:
            return self.make(arguments)
        except (LookupError, TypeError, ValueError, RuntimeError, AttributeError, OverflowError):
            return {}  # an argument of this call is missing or of another kind, and stays


def list_changes(
    function: str, parameters: tuple[Parameter, ...], arguments: Arguments
) -> Iterator[Change]:
    """Yield the changes of a call with these arguments, the likely ones first."""
    defaults = {one.name: one.default for one in parameters if one.default is not UNKNOWN}
    known = {**defaults, **arguments}
    for subject, says, make in (
        *_leave_out(known, defaults),
        *_exchange_arguments(known),
        *_vary_arguments(known),
        *_take_others(known),
    ):
        is_number = type(known.get(subject)) in (int, float)
        yield Change(function, subject, says, make, is_number)


def _leave_out(known: Arguments, defaults: Arguments) -> Iterator[tuple[str, str, Make]]:
    for name, default in defaults.items():
        value = known[name]
        if type(value) is not type(default) or value != default:
            said = "left out" if default is None else f"left at its default, {default!r}"
            yield _get_subject(name, value), f"`{name}` were {said}", _set(name, default)


def _get_subject(name: str, value: Any) -> str:
    # Of a text or a list the changes are small: an answer may be right to stay as it is.
    return name if isinstance(value, (bool, int, float, torch.Tensor)) else ""


def _exchange_arguments(known: Arguments) -> Iterator[tuple[str, str, Make]]:
    for one, other in combinations(known, 2):
        if _get_form(known[one]) == _get_form(known[other]) is not None:
            yield "", f"`{one}` and `{other}` were exchanged", _exchange(one, other)


def _vary_arguments(known: Arguments) -> Iterator[tuple[str, str, Make]]:
    for name, value in known.items():
        for words, vary in list_variations(value):
            yield _get_subject(name, value), words.format(f"`{name}`"), _vary(name, vary)
        if are_weights(value):
            for subject, says, change in list_weight_changes(value):
                yield subject, says, _vary(name, change)


def _take_others(known: Arguments) -> Iterator[tuple[str, str, Make]]:
    """Yield the numbers taken for one another: ``heads`` where ``width`` was given."""
    numbers = [name for name, value in known.items() if type(value) in (int, float)]
    for name in numbers:
        for other in numbers:
            if name != other:
                yield "", f"`{name}` were `{other}`", _take(name, other)


def _set(name: str, value: Any) -> Make:
    return lambda arguments: {name: value}


def _vary(name: str, vary: Callable[[Any], Any]) -> Make:
    return lambda arguments: {name: vary(arguments[name])}


def _take(name: str, other: str) -> Make:
    return lambda arguments: {name: arguments[other]}


def _exchange(one: str, other: str) -> Make:
    return lambda arguments: {one: arguments[other], other: arguments[one]}


def _get_form(value: Any) -> object:
    """Return what two arguments must share to be exchanged; None for what is not."""
    if isinstance(value, torch.Tensor):
        return value.shape, value.dtype
    return type(value) if type(value) in (int, float, str) else None
