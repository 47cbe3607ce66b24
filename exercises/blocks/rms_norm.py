"""RMS normalisation: every vector gets the same size and keeps its direction."""

import torch
from torch import nn


class RMSNorm(nn.Module):
    """Scale each vector so that its numbers have a root mean square of 1, then weigh them.

    For each vector x of C numbers along the last dimension

        ms = sum_i x_i^2 / C
        y_i = x_i / sqrt(ms + eps) * weight_i

    The mean is not taken away and there is no bias. ``eps`` stands under the root, so that a
    vector of zeros stays zeros and gives no NaN. Each vector is scaled by itself alone, in
    training and in evaluation. The squares are taken in float32 or wider, whatever the dtype
    of x, so that a float16 vector of numbers in the thousands is scaled like any other. The
    result is as accurate as float32, or as x's dtype where that is coarser.

    ``weight``, of shape (width,), is the module's only parameter and starts as ones.

    >>> RMSNorm(4)(torch.tensor([3.0, 4.0, 0.0, 0.0])).detach()
    tensor([1.2000, 1.6000, 0.0000, 0.0000])

    Not to be used: ``torch.nn.RMSNorm`` and ``torch.nn.functional.rms_norm``. Source: Zhang and
    Sennrich, Root Mean Square Layer Normalization, 2019, section 4.
    """

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        """Make the parameter.

        Args:
            width: how many numbers a vector has, C; at least 1.
            eps: what is added to the mean of the squares, above 0.
        """
        raise NotImplementedError("write RMSNorm.__init__ (about 3 lines)")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Scale every vector of ``x``.

        Args:
            x: float tensor of shape (..., width), of the parameter's dtype.

        Returns:
            A new tensor of the shape and dtype of ``x``; ``x`` stays as it was. Gradients
            flow to ``x`` and ``weight``.
        """
        raise NotImplementedError("write RMSNorm.forward (about 4 lines)")
