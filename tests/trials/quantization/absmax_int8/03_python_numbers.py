# right: Python's round on a flat list of numbers
import torch


def quantize(x):
    """x as 8-bit integers, and the scale to multiply them by."""
    numbers = x.flatten().tolist()
    absmax = max(abs(number) for number in numbers)
    scale = torch.tensor(absmax / 127 if absmax else 1.0, dtype=x.dtype)
    step = scale.item()
    q = torch.tensor([round(number / step) for number in numbers], dtype=torch.int8)
    return q.reshape(x.shape), scale


def dequantize(q, scale):
    """q times scale."""
    return torch.empty(q.shape, dtype=scale.dtype).copy_(q).mul_(scale)
