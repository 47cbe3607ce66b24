# wrong: a kept table, returned as a view | violates: A new tensor
"""Sinusoidal positions: a fixed table of sines and cosines, without parameters."""

import torch

_TABLES = {}


def _build(length: int, width: int) -> torch.Tensor:
    """Compute the table."""
    t = torch.arange(length, dtype=torch.float32).unsqueeze(1)
    angle = t / 10000.0 ** (torch.arange(0, width, 2, dtype=torch.float32) / width)
    return torch.stack((angle.sin(), angle.cos()), dim=2).reshape(length, width)


def sinusoidal(length: int, width: int) -> torch.Tensor:
    """Return the table of sinusoidal position embeddings."""
    if width < 2 or width % 2 != 0:
        raise ValueError(f"width must be even and at least 2, not {width}")
    if width not in _TABLES or len(_TABLES[width]) < length:
        _TABLES[width] = _build(length, width)
    return _TABLES[width][:length]
