# wrong: the scale is 127 / absmax as in the paper, and dequantize divides by it | violates: "scale = max |x| / 127"
"""Absmax quantization."""

import torch


def quantize(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """x as 8-bit integers, and the scale to multiply them by."""
    absmax = x.abs().max()
    if absmax == 0:
        scale = torch.ones_like(absmax)
    else:
        scale = 127 / absmax
    q = torch.round(x * scale).to(torch.int8)
    return q, scale


def dequantize(q: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """q times scale."""
    return q.to(scale.dtype) / scale
