"""Wrong answers that are the expected ones times a number with a name."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import torch

from grader.grading.judge.relations.asked import Asked
from grader.grading.judge.relations.evidence import Evidence
from grader.grading.judge.relations.numbers import count_distinct, pair_floats

CONSTANTS = {
    "-1 times": -1.0,
    "2 times": 2.0,
    "half of": 0.5,
    "4 times": 4.0,
    "a quarter of": 0.25,
    "sqrt(2) times": math.sqrt(2),
    "1 / sqrt(2) times": math.sqrt(0.5),
    "pi times": math.pi,
    "ln(2) times": math.log(2),
    "1 / ln(2) times": 1 / math.log(2),
    "127 / 128 times": 127 / 128,
    "128 / 127 times": 128 / 127,
}
CLOSE = 1e-5
"""A factor is recognised by so many of its digits."""
LEAST = 3
"""So many numbers are needed, two of them distinct."""


def find_factor(evidence: Evidence) -> str | None:
    """Say that every wrong answer is the expected one times a factor of closed form.

    The factor is a constant, or follows from an argument's value or size. It needs two questions,
    and in each the same factor for all numbers: three or more that are not 0, two of them
    distinct. Silent for a factor without a name, or with two.
    """
    if len(evidence.wrong) < 2:
        return None
    measured = [_measure(one) for one in evidence.wrong]
    if any(factor is None for factor in measured):
        return None
    factors = [factor for factor in measured if factor is not None]
    names = [name for name, value in CONSTANTS.items() if _fits(factors, [value] * len(factors))]
    name = names[0] if names else _name_by_arguments(evidence, factors)
    return f"{evidence.subject} {evidence.where} {name} the expected one." if name else None


def _measure(one: Asked) -> float | None:
    """Return by what an answer is too large, where that is one number."""
    pairs = pair_floats(one.want, one.got)
    if pairs is None:
        return None
    want = torch.cat([pair[0].double().flatten() for pair in pairs])
    got = torch.cat([pair[1].double().flatten() for pair in pairs])
    there = want != 0
    want, ours = want[there], got[there]
    if bool((got[~there] != 0).any()) or count_distinct([want]) < 2 or want.numel() < LEAST:
        return None
    factor = float((ours @ want) / (want @ want))
    noise = CLOSE * abs(factor) * want.abs().clamp(min=float(want.abs().max()) * 1e-2)
    return factor if factor and bool(((ours - factor * want).abs() <= noise).all()) else None


def _fits(factors: list[float], values: list[float]) -> bool:
    return all(
        math.isclose(factor, value, rel_tol=CLOSE)
        for factor, value in zip(factors, values, strict=True)
    )


def _name_by_arguments(evidence: Evidence, factors: list[float]) -> str | None:
    """Return the factor that follows from the arguments in every question; None for several.

    One size is not enough: with one, every expression that happens to have its value would fit.
    """
    if len({round(factor, 6) for factor in factors}) < 2:
        return None
    known = [dict(_list_values(one.arguments)) for one in evidence.wrong]
    common = [name for name in known[0] if all(name in values for values in known)]
    fitting = [name for name in common if _fits(factors, [values[name] for values in known])]
    plain = [name for name in fitting if ".shape" not in name]
    if plain:
        return f"{plain[0]} times" if len(plain) == 1 else None
    # The last size of q, of k and of v is one thing; the last and the last but one are two.
    places = {name.partition(".shape")[2] for name in fitting}
    return f"{fitting[0]} times" if len(places) == 1 else None


def _list_values(arguments: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for name, value in arguments.items():
        if type(value) in (int, float) and math.isfinite(value) and value > 0:
            yield from _derive(name, float(value))
            if 0 < value < 1:
                yield f"1 / (1 - {name})", 1 / (1 - value)
        if isinstance(value, torch.Tensor):
            for dim, size in enumerate(value.shape):
                if size:
                    yield from _derive(f"{name}.shape[{dim - value.dim()}]", float(size))


def _derive(name: str, value: float) -> Iterator[tuple[str, float]]:
    yield name, value
    yield f"1 / {name}", 1 / value
    yield f"sqrt({name})", math.sqrt(value)
    yield f"1 / sqrt({name})", 1 / math.sqrt(value)
