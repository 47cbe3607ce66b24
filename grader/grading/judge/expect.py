"""What a check may claim: ``close``, ``equal``, ``finite``; and the text that says what broke.

Type, shape and dtype come before values. NaN equals nothing. A small tensor is shown as a grid
with its wrong entries marked ``*so*``; a large one by its first difference, its largest
difference and the share that is right.
"""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np
import torch

from grader.grading.judge.describe import (
    add_article,
    describe_one,
    describe_type,
    format_dtype,
    format_grid,
    format_pair,
    format_value,
)
from grader.grading.judge.differences import (
    describe_difference,
    describe_first_difference,
    make_comparable,
    widen,
)

TOLERANCE = {
    torch.float64: (1e-6, 1e-5),
    torch.float32: (1e-5, 1e-4),
    torch.bfloat16: (1e-2, 2e-2),
    torch.float16: (1e-3, 5e-3),
}
"""Absolute and relative tolerance by dtype: a few hundred roundings of numbers near 1.

Of float64 no more than float32's accuracy is asked: to compute in float32 inside, or to take a
root with ``torch.sqrt(torch.tensor(d))``, is no mistake. Where accuracy is what is taught, the
contract gives the number and the check its tolerance.
"""


class Mismatch(AssertionError):
    """A claim that does not hold, with what was expected and what was returned."""

    def __init__(self, message: str, want: str = "", got: str = "") -> None:
        self.message, self.want, self.got = message, want, got
        parts = [message]
        if want:
            parts.append(f"want {_flatten(want)}")
        if got:
            parts.append(f"got {_flatten(got)}")
        super().__init__("; ".join(parts))


class WrongForm(Mismatch):
    """A result of another type or dtype than is due: the message says what is wrong."""


def close(
    got: Any, want: Any, *, atol: float | None = None, rtol: float | None = None, say: str = ""
) -> None:
    """Claim that ``got`` is a tensor of ``want``'s shape and dtype, and equal within the tolerance.

    NaN is equal to nothing. Numbers are compared as numbers. ``say`` is a sentence that tells the
    learner the rule. The tolerance follows from ``want``'s dtype unless ``atol`` or ``rtol`` is
    given.
    """
    if isinstance(want, (int, float, complex)) and not isinstance(want, bool):
        return _check_number(got, want, atol, rtol, say)
    noun = _get_noun(want)
    got, want = _check_forms(got, want, say)
    if not want.dtype.is_floating_point and not want.dtype.is_complex:
        wrong = got != want
    else:
        absolute, relative = TOLERANCE.get(want.dtype, (1e-5, 1e-4))
        absolute = absolute if atol is None else atol
        relative = relative if rtol is None else rtol
        # In float64, so that the tolerance and not the subtraction's rounding decides. isclose
        # takes no two NaN for equal, and so they count as wrong.
        wrong = ~torch.isclose(widen(got), widen(want), atol=absolute, rtol=relative)
    if bool(wrong.any()):
        _raise_difference(got, want, wrong, noun, say)
    return None


def shaped(got: Any, shape: tuple[int, ...], dtype: torch.dtype, *, say: str = "") -> None:
    """Claim that ``got`` is a tensor of this shape and dtype, whatever its values."""
    _check_form(got, torch.empty(shape, dtype=dtype), say, values=False)


def formed(got: Any, form: str, name: str) -> None:
    """Claim that ``got`` has this form: type, dtype and shape, as in ``int8 tensor 2x3``."""
    found = describe_type(got)
    if found != form:
        message = f"{name}: got {describe_one(got)}, expected {add_article(form)}"
        # The last word is the shape, or how many entries there are.
        other = found.rpartition(" ")[0] != form.rpartition(" ")[0]
        raise (WrongForm if other else Mismatch)(message, form, format_value(got))


def equal(got: Any, want: Any, *, say: str = "") -> None:
    """Claim that ``got`` is ``want``: same type, and every part exactly equal."""
    if isinstance(want, torch.Tensor | np.ndarray):
        noun = _get_noun(want)
        got, want = _check_forms(got, want, say)
        wrong = got != want
        if bool(wrong.any()):
            _raise_difference(got, want, wrong, noun, say)
        return
    got = tuple(got) if type(got) is torch.Size else got
    # Types first, since 1 == 1.0 == True; and a type of the learner's own equals what it likes.
    if type(got) is not type(want):
        raise WrongForm(
            _join(say, f"got {describe_one(got)}, expected {describe_one(want)}"),
            format_value(want),
            format_value(got),
        )
    if make_comparable(got) != make_comparable(want):
        raise Mismatch(
            _join(say, describe_first_difference(got, want)), format_value(want), format_value(got)
        )


def holds(condition: bool, say: str, *, want: Any = "", got: Any = "") -> None:
    """Claim that ``condition`` is true.

    ``say`` is the rule, as a statement that holds for a right answer: "the mask is a tensor". What
    the learner reads is "expected: the mask is a tensor", since here the statement is false.
    """
    if not condition:
        expected, found = (
            part if isinstance(part, str) else format_value(part) for part in (want, got)
        )
        raise Mismatch(f"expected: {say}", expected, found)


def finite(got: Any, *, say: str = "") -> None:
    """Claim that ``got`` is a tensor without NaN or infinity."""
    if not isinstance(got, torch.Tensor):
        message = f"got {describe_one(got)}, expected a tensor"
        raise WrongForm(_join(say, message), "a tensor of finite numbers", format_value(got))
    wrong = ~torch.isfinite(got)
    if bool(wrong.any()):
        message = f"{int(wrong.sum())} of {got.numel()} numbers are NaN or infinite"
        raise Mismatch(_join(say, message), "only finite numbers", format_grid(got, wrong))


def _get_noun(value: Any) -> str:
    return "array" if isinstance(value, np.ndarray) else "tensor"


def _make_tensor(value: Any) -> torch.Tensor:
    return torch.from_numpy(np.array(value)) if isinstance(value, np.ndarray) else value.detach()


def _check_forms(got: Any, want: Any, say: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Return both as tensors of one shape and dtype; only an array is taken for an array."""
    if isinstance(want, np.ndarray):
        if type(got) is not np.ndarray:
            message = f"got {describe_one(got)}, expected a NumPy array"
            raise WrongForm(_join(say, message), describe_type(want), format_value(got))
        got = _make_tensor(got)
    noun, want = _get_noun(want), _make_tensor(want)
    return _check_form(got, want, say, noun=noun), want


def _check_form(
    got: Any, want: torch.Tensor, say: str, values: bool = True, noun: str = "tensor"
) -> torch.Tensor:
    """Return ``got`` as a tensor of ``want``'s type, shape and dtype, or raise the mismatch."""
    expected = _describe_form(want, noun)
    if isinstance(got, np.ndarray):
        message = "got a NumPy array, expected a tensor"
        raise WrongForm(_join(say, message), expected, format_value(got))
    # The exact type: a subclass could have an __eq__ of its own. From a worker none arrives, since
    # only plain tensors cross; under plain pytest the learner's own object stands here.
    if type(got) is not torch.Tensor and type(got) is not torch.nn.Parameter:
        message = f"got {describe_one(got)}, expected a tensor"
        raise WrongForm(_join(say, message), expected, format_value(got))
    found = _describe_form(got, noun)
    if got.shape != want.shape:
        message = f"got shape {tuple(got.shape)}, expected {tuple(want.shape)}"
        shown = format_grid(want, head=expected) if values else expected
        raise Mismatch(_join(say, message), shown, format_grid(got, head=found))
    if got.dtype != want.dtype:
        message = f"got dtype {format_dtype(got.dtype)}, expected {format_dtype(want.dtype)}"
        raise WrongForm(_join(say, message), expected, found)
    return got.detach()


def _describe_form(tensor: torch.Tensor, noun: str) -> str:
    return describe_type(tensor).replace(" tensor ", f" {noun} ")


def _raise_difference(
    got: torch.Tensor, want: torch.Tensor, wrong: torch.Tensor, noun: str, say: str
) -> NoReturn:
    message = _join(say, describe_difference(got, want, wrong))
    raise Mismatch(message, *format_pair(got, want, wrong, noun))


def _check_number(
    got: Any, want: complex, atol: float | None, rtol: float | None, say: str
) -> None:
    if isinstance(got, bool) or not isinstance(got, (int, float, complex)):
        message = f"got {describe_one(got)}, expected a number"
        raise WrongForm(_join(say, message), format_value(want), format_value(got))
    tolerance = (1e-9 if atol is None else atol) + (1e-9 if rtol is None else rtol) * abs(want)
    if not (got == want or abs(got - want) <= tolerance):
        raise Mismatch(
            _join(say, f"got {got}, expected {want}"), format_value(want), format_value(got)
        )


def _join(say: str, found: str) -> str:
    return f"{say}: {found}" if say else found


def _flatten(text: str) -> str:
    return " ".join(text.split())
