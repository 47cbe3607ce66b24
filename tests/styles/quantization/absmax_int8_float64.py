"""Absmax quantization in float64, with the scale returned in the dtype of the numbers."""

import torch


def quantize(x):
    """Return integers from -127 to 127 and their scale."""
    largest = x.double().abs().amax()
    scale = (largest / 127 if largest else torch.tensor(1.0)).to(x.dtype)
    return torch.round(x.double() / scale.double()).to(torch.int8), scale


def dequantize(q, scale):
    """Return q times scale."""
    return (q.double() * scale.double()).to(scale.dtype)
