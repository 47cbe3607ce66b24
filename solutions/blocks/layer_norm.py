"""Layer normalisation: every vector gets the same centre and the same spread."""

import torch
from torch import nn


class LayerNorm(nn.Module):
    """Shift and scale each vector to mean 0 and variance 1, then give it a learnt scale and shift.

    For each vector x of C numbers along the last dimension

        mean = sum_i x_i / C
        var = sum_i (x_i - mean)^2 / C
        y_i = (x_i - mean) / sqrt(var + eps) * weight_i + bias_i

    The variance is divided by C, not by C - 1, and ``eps`` stands under the root, so that a
    vector of equal numbers becomes ``bias`` and no NaN. Each vector is normalised by itself
    alone, in training and in evaluation. A vector far from zero (a mean of 1e4 with a spread
    of 30) is normalised as well as one near it, to 1e-3 in float32.

    ``weight`` and ``bias``, each of shape (width,), are parameters, the module's only ones,
    and start as ones and zeros.

    >>> LayerNorm(4)(torch.tensor([0.0, 0.0, 4.0, 4.0])).detach()
    tensor([-1.0000, -1.0000,  1.0000,  1.0000])

    Not to be used: ``torch.nn.LayerNorm`` and its kin (``torch.nn.functional.layer_norm``,
    ``group_norm``, ``batch_norm``). Source: Ba et al., 2016, section 3.
    """

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        """Make the parameters.

        Args:
            width: how many numbers a vector has, C; at least 1.
            eps: what is added to the variance, above 0.
        """
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Normalise every vector of ``x``.

        Args:
            x: float tensor of shape (..., width), of the parameters' dtype.

        Returns:
            A new tensor of the shape and dtype of ``x``; ``x`` stays as it was. Gradients
            flow to ``x``, ``weight`` and ``bias``.
        """
        # The mean goes first: taking mean(x^2) - mean(x)^2 would lose the spread of a vector
        # far from zero to rounding.
        centred = x - x.mean(dim=-1, keepdim=True)
        variance = centred.square().mean(dim=-1, keepdim=True)  # (..., 1)
        normal = centred / (variance + self.eps).sqrt()  # (..., width)
        return normal * self.weight + self.bias
