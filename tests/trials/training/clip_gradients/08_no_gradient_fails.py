# wrong: torch.cat of an empty list raises when no parameter has a gradient | violates: If there is no gradient at all, the norm is 0.
"""Gradient clipping."""

import math
from collections.abc import Iterable

import torch


def clip_gradients(parameters: Iterable[torch.Tensor], max_norm: float) -> float:
    grads = [p.grad for p in parameters if p.grad is not None]
    norm = torch.cat([g.double().flatten() for g in grads]).norm().item()
    for g in grads:
        g *= min(1.0, max_norm / norm) if norm else 1.0
    return norm
