"""Absmax quantization in a buffer that is divided and rounded in place."""

import torch


def quantize(x):
    """Whole numbers from -127 to 127 and their scale."""
    scale = x.abs().max().div_(127)
    if not scale.item():
        scale.fill_(1)
    buffer = x.clone()
    buffer.div_(scale).round_().clamp_(-127, 127)
    return buffer.char(), scale


def dequantize(q, scale):
    """The numbers that were meant."""
    out = torch.empty(q.shape, dtype=scale.dtype)
    out.copy_(q)
    out *= scale
    return out
