"""NF4 by definition: the argmin of the distances to all levels, and Q from Python's library."""

from statistics import NormalDist

import torch


def levels():
    """Return the 16 levels."""
    normal = NormalDist()
    top = 1 - (1 / 32 + 1 / 30) / 2
    values = [0.0]
    for steps, sign in ((7, -1), (8, 1)):
        for i in range(1, steps + 1):
            p = 0.5 + (top - 0.5) * i / steps
            values.append(sign * normal.inv_cdf(p) / normal.inv_cdf(top))
    return torch.tensor(sorted(values))


def quantize(w):
    """Return codes and absmax values, block after block."""
    table = levels()
    codes, scales = [], []
    for block in w.reshape(-1).split(64):
        scale = block.abs().max()
        scales.append(scale)
        unit = block / scale if scale > 0 else torch.zeros_like(block)
        codes.append((unit.unsqueeze(1) - table).abs().argmin(dim=1))
    return torch.cat(codes).reshape(w.shape).to(torch.uint8), torch.stack(scales)


def dequantize(codes, absmax):
    """Return level times absmax, block after block."""
    table = levels().to(absmax.dtype)
    parts = [
        table[block.int()] * scale
        for block, scale in zip(codes.reshape(-1).split(64), absmax, strict=True)
    ]
    return torch.cat(parts).reshape(codes.shape)
