"""Describes where a returned value differs from the expected one."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from grader.grading.judge.describe import (
    SMALL,
    describe_type,
    find_decimals,
    format_number,
    format_value,
)


def widen(tensor: torch.Tensor) -> torch.Tensor:
    """Return the tensor in float64, in which differences are taken; a complex one as it is."""
    return tensor if tensor.dtype.is_complex else tensor.to(torch.float64)


def describe_difference(got: torch.Tensor, want: torch.Tensor, wrong: torch.Tensor) -> str:
    """Say where the first difference is, how large the largest, and what share is right."""
    count, total = int(wrong.sum()), wrong.numel()
    first = tuple(int(i) for i in wrong.nonzero()[0])
    at = f" at {list(first)}" if first else ""
    decimals = find_decimals(got[first], want[first])
    pair = (tensor[first].item() for tensor in (got, want))
    ours, theirs = (format_number(entry, decimals=decimals) for entry in pair)
    message = f"got {ours}{at}, expected {theirs}"
    if total == 1:
        return message
    message += f"; {count} of {total} entries differ"
    if total > SMALL:
        message += f" ({100 * (total - count) / total:.1f} % are right)"
    if want.dtype.is_floating_point:
        if not bool(torch.isfinite(got).all()) and bool(torch.isfinite(want).all()):
            return message + f"; {int((~torch.isfinite(got)).sum())} of them are NaN or infinite"
        gap = (widen(got) - widen(want)).abs()[wrong]
        message += f"; the largest difference is {gap.max().item():.3g}"
    return message


def make_comparable(value: Any) -> Any:
    """Return tensors inside containers as comparable data, bit for bit."""
    if isinstance(value, torch.Tensor):
        return (describe_type(value), value.detach().tolist())
    if isinstance(value, np.ndarray):
        return (describe_type(value), value.tolist())
    if isinstance(value, dict):
        return {key: make_comparable(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *(make_comparable(entry) for entry in value)]
    return (type(value).__name__, value)


def describe_first_difference(got: Any, want: Any) -> str:
    """Say where two values that are no tensors first differ."""
    if isinstance(want, (list, tuple, str, bytes)):
        for index, (ours, theirs) in enumerate(zip(got, want, strict=False)):
            if make_comparable(ours) != make_comparable(theirs):
                shown, expected = format_value(ours, 80), format_value(theirs, 80)
                return f"got {shown} at [{index}], expected {expected}"
        return f"got length {len(got)}, expected {len(want)}"
    if isinstance(want, dict):
        for key in [*want, *got]:
            if key not in got:
                return f"the key {key!r} is missing"
            if key not in want:
                return f"the key {key!r} should not be there"
            if make_comparable(got[key]) != make_comparable(want[key]):
                shown, expected = format_value(got[key], 80), format_value(want[key], 80)
                return f"got {shown} at [{key!r}], expected {expected}"
    return f"got {format_value(got, 80)}, expected {format_value(want, 80)}"
