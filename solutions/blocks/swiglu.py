"""SwiGLU: a feed-forward network whose hidden numbers pass a learnt gate."""

import torch
from torch import nn


class SwiGLU(nn.Module):
    """Widen each token's vector twice, let one result gate the other, and bring it back.

    Letters: C numbers per token, F hidden numbers. For each vector x of C numbers along the
    last dimension

        g = W_gate x
        u = W_up x
        y = W_down (silu(g) * u)        silu(g_i) = g_i / (1 + exp(-g_i))

    where * multiplies number by number. ``gate`` and ``up`` are ``nn.Linear`` layers from C to F
    numbers and ``down`` is one from F to C, all three without a bias and with the numbers that
    PyTorch gives a new layer. They hold the module's only parameters. Each vector is treated
    by itself, and training and evaluation are the same computation. No g, however far above or
    below zero (1e4), gives NaN or infinity, neither in the result nor in a gradient.

    >>> layer = SwiGLU(width=1, hidden=2)
    >>> for part in layer.parameters():
    ...     _ = nn.init.ones_(part)
    >>> layer(torch.tensor([1.0])).detach()  # twice 0.7311 * 1
    tensor([1.4621])

    Not to be used: ``torch.nn.functional.silu`` and ``torch.nn.SiLU``. Source: Shazeer, GLU
    Variants Improve Transformer, 2020, section 2.
    """

    def __init__(self, width: int, hidden: int) -> None:
        """Make the three layers.

        Args:
            width: how many numbers a vector has, C; at least 1.
            hidden: how many numbers lie between the layers, F; at least 1.
        """
        super().__init__()
        self.gate = nn.Linear(width, hidden, bias=False)
        self.up = nn.Linear(width, hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Treat every vector of ``x``.

        Args:
            x: float tensor of shape (..., width), of the parameters' dtype.

        Returns:
            A new tensor of the shape and dtype of ``x``; ``x`` stays as it was. Gradients
            flow to ``x`` and to the parameters.
        """
        g = self.gate(x)  # (..., F)
        # torch.sigmoid is right far from zero, where exp alone would overflow.
        opened = g * torch.sigmoid(g)
        # The gate is not fixed, as a bend is: each token decides how much of u it lets pass.
        return self.down(opened * self.up(x))  # (..., C)
