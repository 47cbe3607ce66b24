# wrong: positions go on from the last call if T is 1 | violates: Row t has the position start + t
"""RoPE: queries and keys are rotated by position, so that dot products depend on distances."""

import torch

_last = {"end": 0}


def rope(x: torch.Tensor, start: int = 0, base: float = 10_000.0) -> torch.Tensor:
    """Rotate the feature pairs of each vector by angles that grow with its position."""
    length, dim = x.shape[-2], x.shape[-1]
    if dim % 2:
        raise ValueError("the head dimension must be even")
    if length == 1 and start == 0:
        start = _last["end"]
    _last["end"] = start + length
    theta = base ** (-torch.arange(0, dim, 2, dtype=torch.float64, device=x.device) / dim)
    angle = torch.outer(torch.arange(start, start + length, dtype=torch.float64, device=x.device), theta)
    c, s = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    x1, x2 = x.chunk(2, dim=-1)
    return torch.cat([x1 * c - x2 * s, x2 * c + x1 * s], dim=-1)
