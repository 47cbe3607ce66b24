# wrong: returns a tensor of no dimensions | violates: The joint norm before scaling, a Python float.
"""Gradient clipping."""

import math
from collections.abc import Iterable

import torch


def clip_gradients(parameters: Iterable[torch.Tensor], max_norm: float) -> float:
    grads = [p.grad for p in parameters if p.grad is not None]
    norm = torch.zeros((), dtype=torch.float64)
    for g in grads:
        norm = torch.hypot(norm, g.double().norm())
    if norm > max_norm:
        for g in grads:
            g.mul_((max_norm / norm).item())
    return norm
