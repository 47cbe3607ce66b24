# wrong: the absmax is mapped to 128, which wraps around to -128 | violates: "which maps its absmax, the largest absolute value, to 127"
"""Absmax quantization."""

import torch


def quantize(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """x as 8-bit integers, and the scale to multiply them by."""
    absmax = x.abs().max()
    if absmax == 0:
        scale = torch.ones_like(absmax)
    else:
        scale = absmax / 128
    q = torch.round(x / scale).to(torch.int8)
    return q, scale


def dequantize(q: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """q times scale."""
    return q.to(scale.dtype) * scale
