# wrong: each gradient is clipped by its own norm | violates: every gradient is multiplied by max_norm / norm, the same factor for all.
"""Gradient clipping."""

import math
from collections.abc import Iterable

import torch


def clip_gradients(parameters: Iterable[torch.Tensor], max_norm: float) -> float:
    grads = [p.grad for p in parameters if p.grad is not None]
    norms = [g.double().norm().item() for g in grads]
    joint = math.sqrt(sum(n * n for n in norms))
    for g, n in zip(grads, norms):
        if n > max_norm:
            g.mul_(max_norm / n)
    return joint
