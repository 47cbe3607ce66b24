"""Right answers whose gradients alone are wrong."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from grader.grading.judge.relations.asked import Asked
from grader.grading.judge.relations.numbers import is_near

GRADIENTS = "gradients"


def find_wrong_gradient(asked: Sequence[Asked]) -> str | None:
    """Say that all answers are right and a gradient is wrong: of which arguments.

    Silent unless the function was asked for answers too, all of which are right, and unless
    every other wrong answer in a failed check is a gradient as well.
    """
    wrong = [one for one in asked if one.failed and not one.same]
    if not wrong or any(one.op != GRADIENTS for one in wrong):
        return None
    functions = {one.function.removeprefix(f"{GRADIENTS} of ") for one in wrong}
    values = [one for one in asked if one.op == "call" and one.function in functions]
    if len(functions) != 1 or len(values) < 3 or not all(one.same for one in values):
        return None
    names = dict.fromkeys(name for one in wrong for name in _list_wrong(one))
    if not names:
        return None
    said = " and ".join(f"`{name}`" for name in names)
    return f"Every answer is right; only the gradient of {said} is wrong."


def _list_wrong(one: Asked) -> list[str]:
    if type(one.want) is not tuple or type(one.got) is not tuple or len(one.want) != len(one.got):
        return []
    names = _find_names(one, one.want)
    pairs = zip(names, one.want, one.got, strict=False)
    return [name for name, want, got in pairs if not _is_right(want, got)]


def _find_names(one: Asked, gradients: tuple[object, ...]) -> list[str]:
    """Return the names of the positional arguments; none where no arguments fit the gradients.

    The constructor's arguments stand before them, and keyword arguments after them. A gradient
    has the shape of its argument.
    """
    names, count = list(one.arguments), len(gradients)
    for start in range(len(names) - count, -1, -1):
        found = names[start : start + count]
        if all(
            _fits(one.arguments[name], part) for name, part in zip(found, gradients, strict=True)
        ):
            return found
    return []


def _fits(argument: object, gradient: object) -> bool:
    if not isinstance(gradient, torch.Tensor):
        return True
    return isinstance(argument, torch.Tensor) and argument.shape == gradient.shape


def _is_right(want: object, got: object) -> bool:
    if isinstance(want, torch.Tensor) and isinstance(got, torch.Tensor):
        return is_near(got, want)
    return want is None and got is None
