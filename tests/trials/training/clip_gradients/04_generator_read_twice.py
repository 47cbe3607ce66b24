# wrong: the parameters are read twice, so those of a generator are not clipped | violates: in a list or in an iterable that can be read only once, such as ``model.parameters()``
"""Gradient clipping."""

import math
from collections.abc import Iterable

import torch


def clip_gradients(parameters: Iterable[torch.Tensor], max_norm: float) -> float:
    total = 0.0
    for p in parameters:
        if p.grad is not None:
            total += p.grad.double().pow(2).sum().item()
    norm = math.sqrt(total)
    if norm > max_norm:
        for p in parameters:
            if p.grad is not None:
                p.grad.mul_(max_norm / norm)
    return norm
