# wrong: angles kept between calls, whatever base | violates: base: the base of the frequencies
"""RoPE: queries and keys are rotated by position, so that dot products depend on distances."""

import torch

_CACHE = {}


def _angles(length: int, dim: int, start: int, base: float) -> torch.Tensor:
    """Return the angles, computed once."""
    key = (length, dim, start)
    if key not in _CACHE:
        theta = base ** (-torch.arange(0, dim, 2, dtype=torch.float64) / dim)
        _CACHE[key] = torch.outer(torch.arange(start, start + length, dtype=torch.float64), theta)
    return _CACHE[key]


def rope(x: torch.Tensor, start: int = 0, base: float = 10_000.0) -> torch.Tensor:
    """Rotate the feature pairs of each vector by angles that grow with its position."""
    length, dim = x.shape[-2:]
    if dim % 2:
        raise ValueError("the head dimension must be even")
    angle = _angles(length, dim, start, base).to(x.device)
    c, s = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    x1, x2 = x.chunk(2, dim=-1)
    return torch.cat([x1 * c - x2 * s, x2 * c + x1 * s], dim=-1)
