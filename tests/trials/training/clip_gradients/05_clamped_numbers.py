# wrong: each number is clamped to the range of max_norm | violates: every gradient is multiplied by max_norm / norm, the same factor for all.
"""Gradient clipping."""

import math
from collections.abc import Iterable

import torch


def _numbers(grad: torch.Tensor) -> list[float]:
    return grad.detach().reshape(-1).tolist()


def clip_gradients(parameters: Iterable[torch.Tensor], max_norm: float) -> float:
    with_grad = list(filter(lambda p: p.grad is not None, parameters))
    norm = math.hypot(*[math.hypot(*_numbers(p.grad)) for p in with_grad])
    if norm <= max_norm:
        return norm
    for p in with_grad:
        p.grad.detach().clamp_(-max_norm, max_norm)
    return norm
