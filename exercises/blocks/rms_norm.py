"""RMSNorm: each vector is divided by its root mean square."""

import torch
from torch import nn


class RMSNorm(nn.Module):
    """Scale each vector to a root mean square of 1, then apply a learned scale.

    Notation: embedding dimension C (``width``). For each vector x along the last dimension

        ms = sum_i x_i^2 / C
        y_i = x_i / sqrt(ms + eps) * weight_i

    The mean is not subtracted and there is no bias. ``eps`` is added inside the root, so a
    vector of zeros stays zero and never becomes NaN. Each vector is normalised on its own;
    training and evaluation mode compute the same.

    The error of each y_i is at most 0.2 % of it in float16 and 2 % in bfloat16, or at most 1e-6
    where that is more. Features up to the largest float16, whose squares overflow it, are no
    exception. To round x_i / sqrt(ms + eps) to 16 bits before the product with the weight, as
    Llama does, is accurate enough; so are the accuracy and the range of float32 in float64.

    ``weight``, of shape (width,), is the module's only parameter and starts as ones.

    >>> RMSNorm(4)(torch.tensor([3.0, 4.0, 0.0, 0.0])).detach()
    tensor([1.2000, 1.6000, 0.0000, 0.0000])

    Not to be used: ``torch.nn.RMSNorm``, also as a base class, and
    ``torch.nn.functional.rms_norm``. Source: Zhang and Sennrich, Root Mean Square Layer
    Normalization, 2019, section 4.
    """

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        """Create the parameter.

        Args:
            width: the embedding dimension, d_model; at least 1.
            eps: the number added to the mean square, above 0.
        """
        raise NotImplementedError("write RMSNorm.__init__ (about 3 lines)")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return ``x`` with every vector normalised.

        Args:
            x: float tensor of shape (..., width), of the parameter's dtype: float16, bfloat16,
                float32 or float64.

        Returns:
            A new tensor of the shape and dtype of ``x``; ``x`` is not changed. Gradients
            flow to ``x`` and ``weight``.
        """
        raise NotImplementedError("write RMSNorm.forward (about 4 lines)")
