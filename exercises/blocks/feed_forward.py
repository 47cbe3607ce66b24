"""The feed-forward network: each token thinks for itself about what attention brought."""

import torch
from torch import nn

from exercises.blocks.gelu import gelu


class FeedForward(nn.Module):
    """Widen each token's vector, bend it with GELU, and bring it back to its width.

    Letters: C numbers per token, F hidden numbers. For each vector x of C numbers along the
    last dimension

        h = W_up x + b_up
        y = W_down gelu(h) + b_down

    where gelu is that of the exercise blocks/gelu, in the tanh form. ``up`` is an ``nn.Linear``
    from C to F numbers and ``down`` one from F to C, both with a bias and with the numbers that
    PyTorch gives a new layer. They hold the module's only parameters. Each vector is treated
    by itself, and training and evaluation are the same computation.

    >>> layer = FeedForward(width=1, hidden=2)
    >>> for part in layer.parameters():
    ...     _ = nn.init.ones_(part)
    >>> layer(torch.tensor([0.0])).detach()  # h is [1, 1], and gelu(1) is 0.8412
    tensor([2.6824])

    Not to be used: ``torch.nn.functional.gelu`` and ``torch.nn.GELU``; yours does it. Source:
    Vaswani et al., 2017, section 3.3, with the GELU of Radford et al., 2019.
    """

    def __init__(self, width: int, hidden: int) -> None:
        """Make the two layers.

        Args:
            width: how many numbers a vector has, C; at least 1.
            hidden: how many numbers lie between the layers, F; at least 1. GPT-2 takes 4 C.
        """
        raise NotImplementedError("write FeedForward.__init__ (about 3 lines)")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Treat every vector of ``x``.

        Args:
            x: float tensor of shape (..., width), of the parameters' dtype.

        Returns:
            A new tensor of the shape and dtype of ``x``; ``x`` stays as it was. Gradients
            flow to ``x`` and to the parameters.
        """
        raise NotImplementedError("write FeedForward.forward (about 2 lines)")
