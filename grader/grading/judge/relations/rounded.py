"""Wrong answers that are the expected ones with fewer digits."""

from __future__ import annotations

import torch

from grader.grading.judge.relations.evidence import Evidence
from grader.grading.judge.relations.numbers import Pair, pair_floats

LEAST = 3
"""So many numbers must lose digits by the rounding."""
SHARE = 0.9
"""The share of the numbers that must be the rounded ones exactly; the rest lie one step away."""


def find_rounding(evidence: Evidence) -> str | None:
    """Say that every wrong answer is the expected one, rounded to a smaller dtype.

    Silent where one wrong answer is not, where fewer than three numbers have digits to lose, and
    where a number is NaN or infinite. Float64 answers that were computed with float32 on the way
    are right to float32's accuracy only.
    """
    pairs: list[Pair] = []
    for one in evidence.wrong:
        found = pair_floats(one.want, one.got)
        if found is None:
            return None
        pairs += [pair for pair in found if pair[0].numel()]
    wide = [pair for pair in pairs if pair[0].dtype in (torch.float32, torch.float64)]
    if len(wide) < len(pairs) or not pairs:
        return None
    for name, dtype in (("bfloat16", torch.bfloat16), ("float16", torch.float16)):
        if _is_rounded(pairs, dtype):
            return f"{evidence.subject} {evidence.where} the expected one rounded to {name}."
    if any(pair[0].dtype != torch.float64 for pair in pairs):
        return None
    if _is_rounded(pairs, torch.float32):
        return f"{evidence.subject} {evidence.where} the expected one rounded to float32."
    return _find_accuracy(evidence, pairs)


def _is_rounded(pairs: list[Pair], dtype: torch.dtype) -> bool:
    exact = total = lost = 0
    for want, got in pairs:
        rounded = want.to(dtype).to(want.dtype)
        if not torch.equal(got, got.to(dtype).to(got.dtype)) or not bool(rounded.isfinite().all()):
            return False
        step = torch.finfo(dtype).eps * want.abs()
        if bool(((got - want).abs() > step).any()):
            return False
        exact += int((got == rounded).sum())
        lost += int((want != rounded).sum())
        total += want.numel()
    return lost >= LEAST and exact >= SHARE * total


def _find_accuracy(evidence: Evidence, pairs: list[Pair]) -> str | None:
    """Say that float64 answers have float32's accuracy: none is off by more."""
    step, count, largest = torch.finfo(torch.float32).eps, 0, 0.0
    for want, got in pairs:
        scale = float(want.abs().max())
        apart = float((got - want).abs().max())
        if apart > step * scale:
            return None
        if scale:
            largest = max(largest, apart / scale)
        count += int((got != want).sum())
    if count < LEAST or largest < step / 1000:
        return None
    return (
        f"{evidence.subject} in float64 has float32's accuracy only: it is off by {largest:.0e} of "
        "the largest number, where float64 allows 1e-15."
    )
