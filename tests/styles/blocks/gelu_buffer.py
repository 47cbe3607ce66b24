"""GELU in float64 inside, in a buffer that is changed in place."""

import torch


def gelu(x: torch.Tensor) -> torch.Tensor:
    """Bend each number by itself."""
    wide = x.to(torch.float64)
    buffer = wide.pow(3)
    buffer = buffer.mul_(0.044715).add_(wide).mul_(0.7978845608028654)
    share = buffer.tanh().add(1.0).mul(0.5)
    return wide.mul(share).to(x.dtype)
