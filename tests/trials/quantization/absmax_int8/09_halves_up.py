# wrong: halves are always rounded up, by floor(x + 0.5) | violates: "Halves are rounded to the even neighbour"
"""Absmax quantization."""

import torch


def quantize(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """x as 8-bit integers, and the scale to multiply them by."""
    absmax = x.abs().max()
    if absmax == 0:
        scale = torch.ones_like(absmax)
    else:
        scale = absmax / 127
    q = torch.floor(x / scale + 0.5).to(torch.int8)
    return q, scale


def dequantize(q: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """q times scale."""
    return q.to(scale.dtype) * scale
