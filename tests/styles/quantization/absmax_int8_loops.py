"""Absmax quantization number by number, with Python's round, which takes halves to even."""

import torch


def quantize(x):
    """Return integers from -127 to 127 and their scale."""
    scale = max(abs(number) for number in x.flatten()) / 127
    if scale == 0:
        scale = torch.ones((), dtype=x.dtype)
    numbers = [round((number / scale).item()) for number in x.flatten()]
    return torch.tensor(numbers, dtype=torch.int8).reshape(x.shape), scale


def dequantize(q, scale):
    """Return q times scale."""
    numbers = [number * scale for number in q.flatten().to(scale.dtype)]
    return torch.stack(numbers).view_as(q)
