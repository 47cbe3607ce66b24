# wrong: the squares are summed in float16 to save memory, where they overflow | violates: with numbers that are 0 or between 1e-12 and 1e12 in size
"""Gradient clipping."""

import math
from collections.abc import Iterable

import torch


def clip_gradients(parameters: Iterable[torch.Tensor], max_norm: float) -> float:
    grads = [p.grad for p in parameters if p.grad is not None]
    norm = math.sqrt(sum(g.half().square().sum().item() for g in grads))
    if norm > max_norm:
        for g in grads:
            g.mul_(max_norm / norm)
    return norm
