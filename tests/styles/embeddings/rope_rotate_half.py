"""Rotary positions with tables as wide as the vector, float64 inside."""

import torch


def rotate_half(x):
    """Swap the halves and turn the sign of the one that comes first."""
    half = x.shape[-1] // 2
    return torch.cat((-x[..., half:], x[..., :half]), dim=-1)


def rope(x, start=0, base=10000.0):
    """The vector times cosines plus its quarter turn times sines."""
    width = x.shape[-1]
    if width & 1:
        raise ValueError("vectors are cut into pairs")
    inverse = base ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    t = torch.arange(x.shape[-2], dtype=torch.float64) + start
    angles = torch.einsum("t,j->tj", t, inverse)
    angles = torch.cat((angles, angles), dim=-1)
    wide = x.double()
    return (wide * angles.cos() + rotate_half(wide) * angles.sin()).to(x.dtype)
