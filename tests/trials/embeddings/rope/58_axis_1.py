# wrong: positions along dimension 1, as in (B, T, H, D) | violates: Row t along the second last dimension
"""RoPE: queries and keys are rotated by position, so that dot products depend on distances."""

import torch


def rope(x: torch.Tensor, start: int = 0, base: float = 10_000.0) -> torch.Tensor:
    """Rotate the feature pairs of each vector by angles that grow with its position."""
    length, dim = x.shape[1] if x.ndim == 4 else x.shape[-2], x.shape[-1]
    if dim % 2:
        raise ValueError("the head dimension must be even")
    j = torch.arange(dim // 2, dtype=torch.float64, device=x.device)
    theta = torch.pow(base, -2.0 * j / dim)
    m = start + torch.arange(length, dtype=torch.float64, device=x.device)
    angle = torch.outer(m, theta)
    c, s = torch.cos(angle).to(x.dtype), torch.sin(angle).to(x.dtype)
    if x.ndim == 4:
        c, s = c[:, None], s[:, None]
    x1, x2 = x[..., : dim // 2], x[..., dim // 2 :]
    y1 = x1 * c - x2 * s
    y2 = x2 * c + x1 * s
    return torch.cat([y1, y2], dim=-1)
