"""The feed-forward network: two linear layers with GELU between them, for each token alone."""

import torch
from torch import nn

from exercises.blocks.gelu import gelu


class FeedForward(nn.Module):
    """Map each token's vector to the hidden dimension, apply GELU, and map it back.

    Notation: embedding dimension C (``width``), hidden dimension F (``hidden``). For each vector
    x along the last dimension

        h = W_up x + b_up
        y = W_down gelu(h) + b_down

    where gelu is yours from blocks/gelu, the tanh form. ``up`` is an ``nn.Linear`` from C to F
    features and ``down`` one from F to C, both with a bias and with PyTorch's own random
    initialisation. They hold the module's only parameters. Each vector is processed on its own.
    There is no dropout; training and evaluation mode compute the same.

    >>> layer = FeedForward(width=1, hidden=2)
    >>> for part in layer.parameters():
    ...     _ = nn.init.ones_(part)
    >>> layer(torch.tensor([0.0])).detach()  # h is [1, 1], and gelu(1) is 0.8412
    tensor([2.6824])

    The accuracy of float32 is enough, also in float64.

    Not to be used: ``torch.nn.functional.gelu`` and ``torch.nn.GELU``; call your own. Source:
    Vaswani et al., 2017, section 3.3, with the GELU of Radford et al., 2019.
    """

    def __init__(self, width: int, hidden: int) -> None:
        """Create the two layers.

        Args:
            width: the embedding dimension, d_model; at least 1.
            hidden: the hidden dimension, d_ff; at least 1. GPT-2 uses 4 C.
        """
        super().__init__()
        self.up = nn.Linear(width, hidden)
        self.down = nn.Linear(hidden, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the output for every vector of ``x``.

        Args:
            x: float tensor of shape (..., width), of the parameters' dtype.

        Returns:
            A new tensor of the shape and dtype of ``x``; ``x`` is not changed. Gradients
            flow to ``x`` and to the parameters.
        """
        # Without the nonlinearity the two layers would be one: a product of matrices is a matrix.
        hidden = gelu(self.up(x))  # (..., F)
        return self.down(hidden)  # (..., C)
