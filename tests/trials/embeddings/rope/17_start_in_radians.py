# wrong: start added to the angle, not to the position | violates: angle = (start + t) * base^(-2j / D)
"""RoPE: queries and keys are rotated by position, so that dot products depend on distances."""

import math

import torch


def rope(x: torch.Tensor, start: int = 0, base: float = 10_000.0) -> torch.Tensor:
    """Rotate the feature pairs of each vector by angles that grow with its position."""
    T, D = x.shape[-2], x.shape[-1]
    if D % 2 == 1:
        raise ValueError("D is odd")
    half = D // 2
    y = torch.zeros_like(x)
    for t in range(T):
        for j in range(half):
            angle = start + t * base ** (-2 * j / D)
            c, s = math.cos(angle), math.sin(angle)
            a, b = x[..., t, j], x[..., t, j + half]
            y[..., t, j] = a * c - b * s
            y[..., t, j + half] = b * c + a * s
    return y
