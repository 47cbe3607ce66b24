# wrong: a missing gradient is replaced by zeros | violates: A parameter whose ``grad`` is None counts for nothing, and its ``grad`` stays None.
"""Gradient clipping."""

import math
from collections.abc import Iterable

import torch


def clip_gradients(parameters: Iterable[torch.Tensor], max_norm: float) -> float:
    grads = []
    for p in parameters:
        if p.grad is None:
            p.grad = torch.zeros_like(p)
        grads.append(p.grad)
    norm = math.sqrt(sum(g.double().square().sum().item() for g in grads))
    if norm > max_norm:
        for g in grads:
            g.mul_(max_norm / norm)
    return norm
