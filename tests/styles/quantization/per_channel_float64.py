"""Per-channel quantization in float64, with a product of matrices to restore."""

import torch


def quantize(w):
    """Return integers from -127 to 127 and a scale for each row."""
    wide = w.double()
    scale = torch.linalg.vector_norm(wide, ord=float("inf"), dim=-1) / 127
    scale[scale == 0] = 1
    return torch.einsum("oi,o->oi", wide, 1 / scale).round().char(), scale.to(w.dtype)


def dequantize(q, scale):
    """Return each row times its scale."""
    return torch.einsum("oi,o->oi", q.to(scale.dtype), scale)
