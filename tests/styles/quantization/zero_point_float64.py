"""Zero-point quantization in float64, with an if for zeros and int16 for the difference."""

import torch


def quantize(x):
    """Return integers from 0 to 255, their scale and the integer for 0."""
    wide = x.to(torch.float64)
    zero = wide.new_zeros(())
    lo, hi = torch.minimum(wide.min(), zero), torch.maximum(wide.max(), zero)
    if lo == hi:
        return torch.zeros_like(x, dtype=torch.uint8), x.new_ones(()), zero.to(torch.uint8)
    scale = (hi - lo) / 255
    z = torch.round(-lo / scale)
    q = torch.clip(torch.round(wide / scale) + z, 0, 255)
    return q.to(torch.uint8), scale.to(x.dtype), z.to(torch.uint8)


def dequantize(q, scale, zero_point):
    """Return (q - zero_point) * scale."""
    return scale * (q.to(torch.int16) - zero_point.to(torch.int16))
