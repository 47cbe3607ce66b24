"""Zero-point quantization number by number, with Python's round, which takes halves to even."""

import torch


def quantize(x):
    """Return integers from 0 to 255, their scale and the integer for 0."""
    numbers = x.flatten().tolist()
    lo, hi = min([0.0, *numbers]), max([0.0, *numbers])
    scale = (hi - lo) / 255 or 1.0
    z = round(-lo / scale)
    q = [min(255, max(0, round(number / scale) + z)) for number in numbers]
    return (
        torch.tensor(q, dtype=torch.uint8).reshape(x.shape),
        torch.tensor(scale, dtype=x.dtype),
        torch.tensor(z, dtype=torch.uint8),
    )


def dequantize(q, scale, zero_point):
    """Return (q - zero_point) * scale."""
    z = int(zero_point)
    numbers = [number - z for number in q.flatten().tolist()]
    return torch.tensor(numbers, dtype=scale.dtype).reshape(q.shape) * scale
