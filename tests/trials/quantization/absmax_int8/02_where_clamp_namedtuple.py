# right: aminmax, torch.where, clamp, the result a NamedTuple
from typing import NamedTuple

import torch


class Quantized(NamedTuple):
    q: torch.Tensor
    scale: torch.Tensor


LEVELS = 2 ** (8 - 1) - 1


def quantize(x: torch.Tensor) -> Quantized:
    """x as 8-bit integers, and the scale to multiply them by."""
    with torch.no_grad():
        low, high = torch.aminmax(x)
        absmax = torch.maximum(low.neg(), high)
        scale = torch.where(absmax > 0, absmax / LEVELS, 1.0).to(x.dtype)
        q = x.div(scale).round_().clamp_(-LEVELS, LEVELS).char()
    return Quantized(q, scale)


def dequantize(q: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """q times scale."""
    return torch.mul(q, scale)
