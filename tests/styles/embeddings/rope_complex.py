"""Rotary positions as products of complex numbers."""

import torch


def rope(x, start=0, base=10000.0):
    """Make each pair a complex number and multiply it with one of length 1."""
    *_, length, width = x.shape
    if width % 2 != 0:
        raise ValueError(f"{width} is odd")
    half = width // 2
    freqs = 1.0 / base ** (torch.arange(half, dtype=torch.float32) / half)
    angles = torch.outer(torch.arange(start, start + length, dtype=torch.float32), freqs)
    turns = torch.polar(torch.ones_like(angles), angles)
    wide = x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
    pairs = torch.complex(wide[..., :half].contiguous(), wide[..., half:].contiguous())
    turned = pairs * turns.to(pairs.dtype)
    return torch.cat([turned.real, turned.imag], dim=-1).to(x.dtype)
