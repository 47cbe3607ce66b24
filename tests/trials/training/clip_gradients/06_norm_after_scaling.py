# wrong: returns the norm after the scaling | violates: The joint norm before scaling, a Python float.
"""Gradient clipping."""

import math
from collections.abc import Iterable

import torch


@torch.no_grad()
def clip_gradients(parameters: Iterable[torch.Tensor], max_norm: float) -> float:
    kept = []
    squares = 0.0
    for parameter in parameters:
        if parameter.grad is None:
            continue
        kept.append(parameter)
        length = torch.linalg.vector_norm(parameter.grad, dtype=torch.float64).item()
        squares += length**2
    norm = squares**0.5
    if norm > max_norm:
        factor = max_norm / norm
        for parameter in kept:
            parameter.grad = parameter.grad * factor
    return min(norm, max_norm)
