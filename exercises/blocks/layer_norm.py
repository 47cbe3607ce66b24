"""LayerNorm: each vector is normalised to mean 0 and variance 1."""

import torch
from torch import nn


class LayerNorm(nn.Module):
    """Normalise each vector to mean 0 and variance 1, then apply a learned scale and shift.

    Notation: embedding dimension C (``width``). For each vector x along the last dimension

        mean = sum_i x_i / C
        var = sum_i (x_i - mean)^2 / C
        y_i = (x_i - mean) / sqrt(var + eps) * weight_i + bias_i

    The variance is divided by C, not by C - 1. ``eps`` is added inside the root, so a vector of
    equal numbers becomes ``bias`` and never NaN. Each vector is normalised on its own; training
    and evaluation mode compute the same. In float32, a vector with a mean of 1e4 and a standard
    deviation of at least 15 is normalised with an error of at most 1e-3 per number. In float64
    the accuracy and the range of float32 are enough.

    ``weight`` and ``bias``, each of shape (width,), are the module's only parameters. They
    start as ones and as zeros.

    >>> LayerNorm(4)(torch.tensor([0.0, 0.0, 4.0, 4.0])).detach()
    tensor([-1.0000, -1.0000,  1.0000,  1.0000])

    Not to be used: ``torch.nn.LayerNorm`` and the other norms of PyTorch
    (``torch.nn.functional.layer_norm``, ``group_norm``, ``instance_norm``, ``batch_norm``,
    ``rms_norm``, their modules, and classes derived from these). Source: Ba et al., 2016,
    section 3.
    """

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        """Create the parameters.

        Args:
            width: the embedding dimension, d_model; at least 1.
            eps: the number added to the variance, above 0.
        """
        raise NotImplementedError("write LayerNorm.__init__ (about 4 lines)")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return ``x`` with every vector normalised.

        Args:
            x: float32 or float64 tensor of shape (..., width), of the parameters' dtype.

        Returns:
            A new tensor of the shape and dtype of ``x``; ``x`` is not changed. Gradients
            flow to ``x``, ``weight`` and ``bias``.
        """
        raise NotImplementedError("write LayerNorm.forward (about 4 lines)")
