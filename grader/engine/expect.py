"""What a check may claim: ``close``, ``equal``, ``finite``; and the text that says what broke.

Type, shape and dtype come before values. NaN equals nothing unless ``equal_nan`` is asked
for. A small tensor is shown as a grid with its wrong entries marked ``*so*``; a large one by
its first difference, its largest difference and the share that is right.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from grader.engine.showing import SMALL, dtype_name, grid, kind, number, one, shape_name, show

TOLERANCE = {
    torch.float64: (1e-9, 1e-9),
    torch.float32: (1e-5, 1e-4),
    torch.bfloat16: (1e-2, 2e-2),
    torch.float16: (1e-3, 5e-3),
}
"""Absolute and relative tolerance by dtype: a few hundred roundings of numbers near 1."""


class Mismatch(AssertionError):
    """A claim that does not hold, with what was wanted and what came."""

    def __init__(self, says: str, want: str = "", got: str = "") -> None:
        self.says, self.want, self.got = says, want, got
        parts = [says]
        if want:
            parts.append(f"want {_inline(want)}")
        if got:
            parts.append(f"got {_inline(got)}")
        super().__init__("; ".join(parts))


def close(
    got: Any, want: Any, *, atol: float | None = None, rtol: float | None = None, say: str = ""
) -> None:
    """``got`` is a tensor of ``want``'s shape and dtype, finite, and equal within the tolerance.

    Numbers are compared as numbers. ``say`` is a sentence that tells the learner the rule.
    The tolerance follows from ``want``'s dtype unless ``atol`` or ``rtol`` is given.
    """
    if isinstance(want, (int, float, complex)) and not isinstance(want, bool):
        return _closenumber(got, want, atol, rtol, say)
    got, want = _both_forms(got, want, say)
    if not want.dtype.is_floating_point and not want.dtype.is_complex:
        wrong = got != want
    else:
        absolute, relative = TOLERANCE.get(want.dtype, (1e-5, 1e-4))
        absolute = absolute if atol is None else atol
        relative = relative if rtol is None else rtol
        wrong = ~torch.isclose(_wide(got), _wide(want), atol=absolute, rtol=relative)
    if bool(wrong.any()):
        raise Mismatch(_sentence(say, _difference(got, want, wrong)), *_pair(got, want, wrong))
    return None


def shaped(got: Any, shape: tuple[int, ...], dtype: torch.dtype, *, say: str = "") -> None:
    """``got`` is a tensor of this shape and dtype, whatever its values."""
    _same_form(got, torch.empty(shape, dtype=dtype), say, values=False)


def formed(got: Any, form: str, name: str) -> None:
    """``got`` is of this type, dtype and shape in words: ``int8 tensor 2x3``, ``tuple of 2``."""
    holds(kind(got) == form, f"{name}: {one(got)} came where {form} is due", want=form, got=got)


def equal(got: Any, want: Any, *, say: str = "") -> None:
    """``got`` is ``want``: same type, and every part exactly equal."""
    if isinstance(want, torch.Tensor | np.ndarray):
        got, want = _both_forms(got, want, say)
        wrong = got != want
        if bool(wrong.any()):
            raise Mismatch(_sentence(say, _difference(got, want, wrong)), *_pair(got, want, wrong))
        return
    got = tuple(got) if type(got) is torch.Size else got
    if type(got) is not type(want):
        raise Mismatch(
            _sentence(say, f"{one(got)} came where {one(want)} is due"), show(want), show(got)
        )
    if _plain(got) != _plain(want):
        raise Mismatch(_sentence(say, _where_apart(got, want)), show(want), show(got))


def holds(condition: bool, say: str, *, want: str = "", got: Any = "") -> None:
    """``condition`` is true; otherwise ``say`` tells the learner which rule broke."""
    if not condition:
        raise Mismatch(say, want, got if isinstance(got, str) else show(got))


def finite(got: Any, *, say: str = "") -> None:
    """``got`` is a tensor without NaN or infinity."""
    if not isinstance(got, torch.Tensor):
        raise Mismatch(_sentence(say, f"{one(got)} came where a tensor is due"), got=show(got))
    wrong = ~torch.isfinite(got)
    if bool(wrong.any()):
        says = f"{int(wrong.sum())} of {got.numel()} numbers are NaN or infinite"
        raise Mismatch(_sentence(say, says), "only finite numbers", grid(got, wrong))


def _tensor(value: Any) -> torch.Tensor:
    return torch.from_numpy(np.array(value)) if isinstance(value, np.ndarray) else value.detach()


def _wide(tensor: torch.Tensor) -> torch.Tensor:
    return tensor if tensor.dtype.is_complex else tensor.to(torch.float64)


def _both_forms(got: Any, want: Any, say: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Both as plain tensors of one shape and dtype; where an array is due, one must have come."""
    if isinstance(want, np.ndarray):
        if type(got) is not np.ndarray:
            says = f"{one(got)} came where a NumPy array is due"
            raise Mismatch(_sentence(say, says), kind(want), show(got))
        got = _tensor(got)
    want = _tensor(want)
    return _same_form(got, want, say), want


def _same_form(got: Any, want: torch.Tensor, say: str, values: bool = True) -> torch.Tensor:
    """``got`` as a plain tensor of ``want``'s type, shape and dtype, or the mismatch."""
    expected = kind(want)
    if isinstance(got, np.ndarray):
        raise Mismatch(_sentence(say, "a NumPy array came where a tensor is due"), expected)
    if type(got) is not torch.Tensor:
        says = f"{one(got)} came where a tensor is due"
        raise Mismatch(_sentence(say, says), expected, show(got))
    if got.shape != want.shape:
        says = f"the shape is {shape_name(got.shape)}, not {shape_name(want.shape)}"
        raise Mismatch(_sentence(say, says), grid(want) if values else expected, grid(got))
    if got.dtype != want.dtype:
        says = f"the dtype is {dtype_name(got.dtype)}, not {dtype_name(want.dtype)}"
        raise Mismatch(_sentence(say, says), expected, kind(got))
    return got.detach()


def _difference(got: torch.Tensor, want: torch.Tensor, wrong: torch.Tensor) -> str:
    """Where the first difference is, how large the largest, and what share is right."""
    count, total = int(wrong.sum()), wrong.numel()
    first = tuple(int(i) for i in wrong.nonzero()[0])
    at = f" at {list(first)}" if first else ""
    came, due = _entry(got, first), _entry(want, first)
    if came == due:  # four decimals do not tell them apart
        came, due = (repr(tensor[first].item()) for tensor in (got, want))
    says = f"{came} came{at} where {due} is due"
    if total == 1:
        return says
    says += f"; {count} of {total} entries differ"
    if total > SMALL:
        says += f" ({100 * (total - count) / total:.1f} % are right)"
    if want.dtype.is_floating_point:
        if not bool(torch.isfinite(got).all()) and bool(torch.isfinite(want).all()):
            return says + f"; {int((~torch.isfinite(got)).sum())} of them are NaN or infinite"
        gap = (_wide(got) - _wide(want)).abs()[wrong]
        says += f"; the largest difference is {gap.max().item():.3g}"
    return says


def _entry(tensor: torch.Tensor, index: tuple[int, ...]) -> str:
    return number(tensor[index].item())


def _pair(got: torch.Tensor, want: torch.Tensor, wrong: torch.Tensor) -> tuple[str, str]:
    return grid(want), grid(got, wrong)


def _closenumber(got: Any, want: complex, atol: float | None, rtol: float | None, say: str) -> None:
    if isinstance(got, bool) or not isinstance(got, (int, float, complex)):
        says = f"{one(got)} came where a number is due"
        raise Mismatch(_sentence(say, says), show(want), show(got))
    tolerance = (1e-9 if atol is None else atol) + (1e-9 if rtol is None else rtol) * abs(want)
    if not (got == want or abs(got - want) <= tolerance):
        raise Mismatch(_sentence(say, f"{got} came where {want} is due"), show(want), show(got))


def _plain(value: Any) -> Any:
    """Tensors inside containers as comparable data, bit for bit."""
    if isinstance(value, torch.Tensor):
        return (kind(value), value.detach().tolist())
    if isinstance(value, np.ndarray):
        return (kind(value), value.tolist())
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *(_plain(entry) for entry in value)]
    return (type(value).__name__, value)


def _where_apart(got: Any, want: Any) -> str:
    if isinstance(want, (list, tuple, str, bytes)):
        for index, (ours, theirs) in enumerate(zip(got, want, strict=False)):
            if _plain(ours) != _plain(theirs):
                return f"{show(ours, 80)} came at [{index}] where {show(theirs, 80)} is due"
        return f"{len(got)} entries came where {len(want)} are due"
    if isinstance(want, dict):
        for key in [*want, *got]:
            if key not in got:
                return f"the key {key!r} is missing"
            if key not in want:
                return f"the key {key!r} should not be there"
            if _plain(got[key]) != _plain(want[key]):
                came, due = show(got[key], 80), show(want[key], 80)
                return f"{came} came at [{key!r}] where {due} is due"
    return f"{show(got, 80)} came where {show(want, 80)} is due"


def _sentence(say: str, found: str) -> str:
    return f"{say}: {found}" if say else found


def _inline(text: str) -> str:
    return " ".join(text.split())
