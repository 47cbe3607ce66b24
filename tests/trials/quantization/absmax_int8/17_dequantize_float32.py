# wrong: dequantize casts q with .float(), so that a float64 scale gives float32 | violates: "A new tensor of the shape of ``q`` and the dtype of ``scale``"
"""Absmax quantization."""

import torch


def quantize(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """x as 8-bit integers, and the scale to multiply them by."""
    absmax = x.abs().max()
    if absmax == 0:
        scale = torch.ones_like(absmax)
    else:
        scale = absmax / 127
    q = torch.round(x / scale).to(torch.int8)
    return q, scale


def dequantize(q: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """q times scale."""
    return q.float() * scale
