# wrong: x is divided in place | violates: "``x`` is not changed"
"""Absmax quantization."""

import torch


def quantize(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """x as 8-bit integers, and the scale to multiply them by."""
    absmax = x.abs().max()
    if absmax == 0:
        scale = torch.ones_like(absmax)
    else:
        scale = absmax / 127
    q = x.div_(scale).round().to(torch.int8)
    return q, scale


def dequantize(q: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """q times scale."""
    return q.to(scale.dtype) * scale
