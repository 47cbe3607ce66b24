"""Properties of a question that may separate the wrong answers from the right ones."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np
import torch

from grader.grading.judge.relations.asked import Handle


def describe_argument(name: str, value: Any) -> dict[str, bool]:
    """Return what can be said of an argument, each with whether it is so.

    The words complete "wrong exactly where ...".
    """
    known = name if " " in name else f"`{name}`"
    return {} if isinstance(value, Handle) else dict(_describe(known, value))


def _describe(name: str, value: Any) -> Iterator[tuple[str, bool]]:
    yield f"{name} is None", value is None
    if isinstance(value, bool):
        yield f"{name} is {value}", True
        yield f"{name} is {not value}", False
    elif isinstance(value, (int, float)):
        yield from _describe_number(name, value)
    elif isinstance(value, str):
        yield from _describe_text(name, value)
    elif isinstance(value, torch.Tensor):
        yield from _describe_tensor(name, value)
    elif isinstance(value, (list, tuple, bytes, dict, set)):
        yield f"{name} is empty", not value
        yield f"{name} has one entry", len(value) == 1
        yield from _describe_entries(name, value)


def _describe_number(name: str, value: float) -> Iterator[tuple[str, bool]]:
    yield f"{name} is 0", value == 0
    yield f"{name} is not 0", value != 0
    yield f"{name} is 1", value == 1
    yield f"{name} is negative", value < 0
    if isinstance(value, int):
        yield f"{name} is odd", value % 2 == 1


def _describe_text(name: str, value: str) -> Iterator[tuple[str, bool]]:
    yield f"{name} is empty", not value
    yield f"{name} is not ASCII", not value.isascii()
    yield f"{name} has a character beyond U+FFFF", any(ord(sign) > 0xFFFF for sign in value)
    yield f"{name} has a space", " " in value
    yield f"{name} begins with a space", value[:1].isspace()
    yield f"{name} ends with a space", value[-1:].isspace()
    yield f"{name} has a line break", "\n" in value or "\r" in value
    yield f"{name} has a carriage return", "\r" in value
    yield f"{name} has a digit", any(sign.isdigit() for sign in value)
    yield f"{name} has an upper-case letter", any(sign.isupper() for sign in value)
    yield f"{name} has a replacement character (U+FFFD)", "\ufffd" in value


def _describe_entries(name: str, value: Any) -> Iterator[tuple[str, bool]]:
    try:
        yield f"{name} has an entry twice", len(set(value)) < len(value)
    except TypeError:
        return
    if all(isinstance(entry, (bytes, str)) for entry in value) and value:
        yield f"{name} has an empty entry", any(not entry for entry in value)


def _describe_tensor(name: str, value: torch.Tensor) -> Iterator[tuple[str, bool]]:
    for dims in range(1, 5):
        yield f"{name} has {dims} dimension{'s' * (dims > 1)}", value.dim() == dims
    for dim, size in enumerate(value.shape):
        place = dim - value.dim()
        yield f"{name}.shape[{place}] is 0", size == 0
        yield f"{name}.shape[{place}] is 1", size == 1
        yield f"{name}.shape[{place}] is odd", size % 2 == 1
    for dtype in (torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int32):
        yield f"{name} is {str(dtype).removeprefix('torch.')}", value.dtype == dtype
    if value.dtype.is_floating_point and value.numel():
        largest = float(value.detach().double().nan_to_num(0, math.inf, -math.inf).abs().max())
        yield f"{name} has an infinite entry", math.isinf(largest)
        yield f"{name} has an entry beyond 80", largest > 80
        yield f"{name} has a negative entry", bool((value < 0).any())
        yield f"{name} is 0 everywhere", largest == 0
    if value.dtype == torch.bool and value.numel():
        yield f"{name} has a row without True", bool((~value.any(-1)).any())


def compare_arguments(arguments: Mapping[str, Any]) -> dict[str, bool]:
    """Return what can be said of two sizes or numbers among the arguments."""
    return dict(_compare(arguments))


def _compare(arguments: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    sizes: dict[str, int] = {}
    for name, value in arguments.items():
        if type(value) is int:
            sizes[f"`{name}`"] = value
        elif isinstance(value, (str, bytes, list)):
            sizes[f"`len({name})`"] = len(value)
        elif isinstance(value, (torch.Tensor, np.ndarray)):
            for place in range(-1, -min(len(value.shape), 4) - 1, -1):
                sizes[f"`{name}.shape[{place}]`"] = value.shape[place]
    for (ours, first), (theirs, second) in combinations(sizes.items(), 2):
        yield f"{ours} equals {theirs}", first == second
        yield f"{ours} is less than {theirs}", first < second
        yield f"{ours} is more than {theirs}", first > second
        if second:
            yield f"{ours} is no multiple of {theirs}", first % second != 0
