"""Changes of a dict of weights: two exchanged, one 0, one transposed, in every layer alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import torch

Weights = dict[str, torch.Tensor]
WeightChange = tuple[str, str, Callable[[Weights], Weights]]
"""The name of the weight that changes, if it is one; the words; the change."""


def are_weights(value: Any) -> bool:
    """Return whether a value is a dict of tensors by name, and not empty."""
    return (
        type(value) is dict
        and bool(value)
        and all(type(name) is str for name in value)
        and all(isinstance(part, torch.Tensor) for part in value.values())
    )


def list_weight_changes(weights: Weights) -> Iterator[WeightChange]:
    """Yield the changes of weights of these names and shapes.

    Numbers in a name are layers: ``layers.*.key.weight`` is changed in all of them.
    """
    shapes: dict[str, torch.Size] = {}
    for name, part in weights.items():
        shapes.setdefault(blank_numbers(name), part.shape)
    for one, other in combinations(shapes, 2):
        if shapes[one] == shapes[other] and one.count("*") == other.count("*"):
            yield "", f"`{one}` and `{other}` were exchanged", _exchange(one, other)
    for one, shape in shapes.items():
        yield one, f"`{one}` were 0 everywhere", _change(one, torch.zeros_like)
        if len(shape) == 2:
            yield one, f"`{one}` were transposed", _change(one, lambda part: part.mT.contiguous())


def blank_numbers(name: str) -> str:
    """Return ``layers.*.key`` for ``layers.0.key``."""
    return re.sub(r"(?<=\.)\d+(?=\.)", "*", name)


def _exchange(one: str, other: str) -> Callable[[Weights], Weights]:
    def exchange(weights: Weights) -> Weights:
        ours, theirs = (
            [name for name in weights if blank_numbers(name) == pattern] for pattern in (one, other)
        )
        changed = dict(weights)
        for first, second in zip(ours, theirs, strict=True):
            changed[first], changed[second] = weights[second], weights[first]
        return changed

    return exchange


def _change(one: str, vary: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[Weights], Weights]:
    return lambda weights: {
        name: vary(part) if blank_numbers(name) == one else part for name, part in weights.items()
    }
