# wrong: the norm is the largest absolute value | violates: The joint norm is the length of the vector that all gradients make together
"""Gradient clipping."""

import math
from collections.abc import Iterable

import torch


def _numbers(grad: torch.Tensor) -> list[float]:
    return grad.detach().reshape(-1).tolist()


def clip_gradients(parameters: Iterable[torch.Tensor], max_norm: float) -> float:
    with_grad = list(filter(lambda p: p.grad is not None, parameters))
    norm = max((abs(x) for p in with_grad for x in _numbers(p.grad)), default=0.0)
    if norm <= max_norm:
        return norm
    for p in with_grad:
        p.grad.detach().mul_(max_norm / norm)
    return norm
