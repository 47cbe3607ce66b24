# right: helper function, complex numbers
"""RoPE: queries and keys are rotated by position, so that dot products depend on distances."""

import torch


def _turns(positions: torch.Tensor, width: int, base: float) -> torch.Tensor:
    """Return a unit complex number for each position and pair."""
    exponents = torch.arange(width // 2, device=positions.device, dtype=torch.float64) * 2 / width
    angles = positions[:, None] / base**exponents
    return torch.polar(torch.ones_like(angles), angles)


def rope(x: torch.Tensor, start: int = 0, base: float = 10_000.0) -> torch.Tensor:
    """Rotate the feature pairs of each vector by angles that grow with its position."""
    if x.shape[-1] % 2 == 1:
        raise ValueError("D must be even")
    positions = torch.arange(x.shape[-2], device=x.device, dtype=torch.float64) + start
    turns = _turns(positions, x.shape[-1], base)
    real, imaginary = x.to(torch.float64).tensor_split(2, dim=-1)
    points = torch.complex(real, imaginary) * turns
    return torch.cat((points.real, points.imag), dim=-1).to(x.dtype)
