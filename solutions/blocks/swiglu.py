"""SwiGLU: a feed-forward network with a learned gate on its hidden features."""

import torch
from torch import nn


class SwiGLU(nn.Module):
    """Map each token's vector to the hidden dimension twice, let one gate the other, map back.

    Notation: embedding dimension C (``width``), hidden dimension F (``hidden``). For each vector
    x along the last dimension

        g = W_gate x
        u = W_up x
        y = W_down (silu(g) * u)        silu(g_i) = g_i / (1 + exp(-g_i))

    where * is the elementwise product. ``gate`` and ``up`` are ``nn.Linear`` layers from C to F
    features and ``down`` is one from F to C, all three without a bias and with PyTorch's own
    random initialisation. They hold the module's only parameters. Each vector is processed on
    its own. There is no dropout; training and evaluation mode compute the same. In float32,
    for g_i between -1e4 and 1e4 and u_i between -1 and 1, neither the result nor a gradient is
    NaN or infinite. The accuracy of float32 is enough, also in float64.

    >>> layer = SwiGLU(width=1, hidden=2)
    >>> for part in layer.parameters():
    ...     _ = nn.init.ones_(part)
    >>> layer(torch.tensor([1.0])).detach()  # twice 0.7311 * 1
    tensor([1.4621])

    Not to be used: ``torch.nn.functional.silu`` and ``torch.nn.SiLU``. Source: Shazeer, GLU
    Variants Improve Transformer, 2020, section 2.
    """

    def __init__(self, width: int, hidden: int) -> None:
        """Create the three layers.

        Args:
            width: the embedding dimension, d_model; at least 1.
            hidden: the hidden dimension, d_ff; at least 1.
        """
        super().__init__()
        self.gate = nn.Linear(width, hidden, bias=False)
        self.up = nn.Linear(width, hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the output for every vector of ``x``.

        Args:
            x: float tensor of shape (..., width), of the parameters' dtype.

        Returns:
            A new tensor of the shape and dtype of ``x``; ``x`` is not changed. Gradients
            flow to ``x`` and to the parameters.
        """
        g = self.gate(x)  # (..., F)
        # torch.sigmoid is finite far from zero, also in its gradient; exp alone overflows.
        opened = g * torch.sigmoid(g)
        # Unlike a fixed nonlinearity, the gate lets each token decide how much of u passes.
        return self.down(opened * self.up(x))  # (..., C)
